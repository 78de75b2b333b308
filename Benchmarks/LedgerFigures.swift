import BankCore
import BankService
import Host
import ManualLedger
import RealParts
import SystemPackage

/// The manual ledger alone: how quick a receipt is durable, and how quick a ledger is opened.
let ledgerFigures: [Figure] = [
  Figure(
    name: "ledger-receipt", title: "durable receipt, p50",
    bound: .atMost(3, "× write + fdatasync of the same bytes"), measure: measureReceipt),
  Figure(
    name: "ledger-group", title: "1,000 entries in one group commit",
    bound: .atLeast(30_000, "entries/s"), measure: measureGroup),
  Figure(
    name: "ledger-opening", title: "opening and verifying a ledger of 100,000 entries",
    bound: .atMost(3, "× sha256sum of its segments"), measure: measureOpening),
]

/// An entry is appended, until it may be told; then its line alone is written and synced to
/// another file of the same disk.
private func measureReceipt() async throws -> Measurement {
  let till = try await LedgerTill("receipt")
  defer { till.remove() }
  try await till.open()
  let plain = try PlainFile(till.directory.appending("plain"))
  let segment = till.directory.appending("\(LedgerNames(till.terminal).segment(1))")
  var lineBytes: [UInt8] = []
  var size = try fileSize(segment)
  let result = try await paired(500) {
    let entry = till.deposit()
    let duration = try await timed { _ = try await till.ledger.append([entry]) }
    let grown = try fileSize(segment)
    lineBytes = try readBytes(segment, from: size, count: grown - size)
    size = grown
    return duration
  } against: {
    try await timed { try plain.appendAndSync(lineBytes) }
  }
  return Measurement(
    value: result.ratio,
    details: [
      "receipt \(decimal(result.first.milliseconds)) ms, write + fdatasync of \(lineBytes.count) "
        + "bytes \(decimal(result.second.milliseconds)) ms, medians of 500"
    ])
}

private func measureGroup() async throws -> Measurement {
  let till = try await LedgerTill("group")
  defer { till.remove() }
  try await till.open()
  var durations: [Duration] = []
  for _ in 0..<25 {
    let group = (0..<1_000).map { _ in till.deposit() }
    durations.append(try await timed { _ = try await till.ledger.append(group) })
  }
  let median = Samples(durations).median
  return Measurement(
    value: 1_000 / median.seconds,
    details: ["1,000 entries in \(decimal(median.milliseconds)) ms, median of 25 groups"])
}

/// Opens the ledger as a desk does at its start: takes the lock, verifies every line of every
/// segment, and adds them up. Its first entry still waits, so that no segment can be left out.
private func measureOpening() async throws -> Measurement {
  let till = try await LedgerTill("opening")
  defer { till.remove() }
  try await till.open()
  try await till.work(entries: 100_000)
  await till.ledger.close()
  let segments = try await till.segmentPaths()
  let byteCount = try segments.reduce(0) { try $0 + fileSize(FilePath($1)) }
  let result = try await paired(7) {
    let ledger = till.anotherLedger()
    var count = 0
    let duration = try await timed { count = try await ledger.open().state.entries.count }
    await ledger.close()
    guard count == 100_000 else { throw RealPartFault("the ledger holds \(count) entries") }
    return duration
  } against: {
    try await timed { try await Command.succeed(["sha256sum"] + segments) }
  }
  return Measurement(
    value: result.ratio,
    details: [
      "\(segments.count) segments, \(decimal(Double(byteCount) / 1e6)) MB: opened in "
        + "\(decimal(result.first.milliseconds)) ms, sha256sum takes "
        + "\(decimal(result.second.milliseconds)) ms, medians of 7"
    ])
}
