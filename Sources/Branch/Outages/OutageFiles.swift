import BankCore
import BankService
import Foundation
import Host
import Interchange
import Logging
import ManualLedger
import Screen
import Settings

/// What looks at the connection when an outage has begun, and the words in which its report keeps it.
public struct OutageDoctor: Sendable {
  let examine: @Sendable () async -> ConnectionReport
  let document: @Sendable (ConnectionReport, OutageID, Layer, Instant) -> String

  /// - Parameters:
  ///   - examine: looks at the connection as it is configured.
  ///   - document: what is kept of it, as one JSON document: the report, the outage and the cause it
  ///     was asked about, and when.
  public init(
    examine: @escaping @Sendable () async -> ConnectionReport,
    document: @escaping @Sendable (ConnectionReport, OutageID, Layer, Instant) -> String
  ) {
    self.examine = examine
    self.document = document
  }
}

/// The outages of this machine's tills, made of their ledgers' files without a database and without
/// a lock, and the reports that people keep of them. On a thread of its own: a long ledger is read
/// while entries go on.
public actor OutageFiles: OutageExaminer {
  private let executor = QueueExecutor(label: "outages")
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private let logger = Logger(label: "daybook.outages")
  private let workplace: Workplace
  private var state: StateDirectory { workplace.state }
  private var folder: String { "\(state.path)/reports" }
  private let evidence: DoctorFiles
  private let history: HistoryFolder
  private let doctor: OutageDoctor?

  /// - Parameter doctor: nil where nobody is to look at the connection.
  public init(_ workplace: Workplace, doctor: OutageDoctor? = nil) {
    self.workplace = workplace
    self.doctor = doctor
    evidence = DoctorFiles(state: workplace.state.path)
    history = HistoryFolder(path: workplace.state.configurationHistory)
  }

  /// Of all tills of this machine, the newest outage first.
  ///
  /// - Throws: `Failure` when a ledger cannot be read.
  public func reports() throws(Failure) -> [OutageReport] {
    let files = LedgerFiles(directory: state.path)
    let changes = history.leadup()
    var reports: [OutageReport] = []
    for terminal in try files.terminals() {
      let ledger = try files.reading(of: terminal, isTold: true).state
      reports += ledger.outages.compactMap {
        report(OutageID(terminal: terminal, number: $0.number), in: ledger, changes)
      }
    }
    return reports.sorted {
      ($0.times.detected ?? .distantPast, $0.id.number)
        > ($1.times.detected ?? .distantPast, $1.id.number)
    }
  }

  /// How each till of this directory that met that drill did, as its ledger tells.
  ///
  /// - Throws: `Failure` when a ledger cannot be read.
  public func scores(of drill: Hold) throws(Failure) -> [OutageReport] {
    try reports().filter {
      guard $0.isDrill, let began = $0.times.firstFailure else { return false }
      return began >= drill.since
    }
  }

  /// - Throws: `Failure` when no ledger here knows such an outage.
  public func report(_ id: OutageID) throws(Failure) -> OutageReport {
    let files = LedgerFiles(directory: state.path)
    if try files.terminals().contains(where: { $0 == id.terminal }) {
      let ledger = try files.reading(of: id.terminal, isTold: true).state
      if let report = report(id, in: ledger, history.leadup()) { return report }
    }
    throw Self.unknown("\(id)")
  }

  private func report(
    _ id: OutageID, in ledger: LedgerState, _ changes: [OutageReport.Leadup]
  ) -> OutageReport? {
    OutageReport(
      of: id.number, in: ledger, at: id.terminal, leadup: changes,
      examinations: evidence.examinations(of: id))
  }

  // MARK: Evidence

  public func examine(_ id: OutageID, for layer: Layer) async {
    guard let doctor, !evidence.isKept(id, for: layer) else { return }
    let found = await doctor.examine()
    let document = doctor.document(found, id, layer, SystemClock().now)
    do throws(FileTrouble) {
      try evidence.keep(document, of: id, for: layer)
    } catch {
      // The report says then that nobody was asked.
      logger.warning(
        "what the doctor found is not kept",
        metadata: ["outage": "\(id)", "cause": "\(layer.code)"])
    }
  }

  /// No ledger here knows it.
  public static func unknown(_ id: String) -> Failure {
    Failure(
      .refused, code: "unknown-outage", text: "No ledger here knows an outage \(id).",
      fix: "Run daybook outages list to see them all.")
  }

  // MARK: Writing

  /// Writes the report of one outage, beside earlier ones and never over them.
  ///
  /// - Returns: the paths of its files.
  /// - Throws: `Failure` when there is no such outage, or the files cannot be written.
  public func write(_ id: OutageID) async throws(Failure) -> [String] {
    let report = try report(id)
    let words = await workplace.wording()
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let name = freeName("\(id)")
      let documents = [
        ("\(name).html", OutageHTML.document(report, words)),
        ("\(name).md", OutageMarkdown.document(report, words)),
      ]
      for (path, text) in documents {
        // What people have filled in is never written over.
        try Data(harmless(text).utf8).write(
          to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }
      return documents.map(\.0)
    } catch {
      throw Failure(
        .fault, code: "report", text: "The report cannot be written to \(folder).",
        fix:
          "Free room there or correct the rights, or run daybook outages report \(id) --format html."
      )
    }
  }

  /// `till-1-3`, or `till-1-3.2` beside an earlier report.
  private func freeName(_ id: String) -> String {
    func isFree(_ name: String) -> Bool {
      !FileManager.default.fileExists(atPath: "\(name).html")
        && !FileManager.default.fileExists(atPath: "\(name).md")
    }
    let plain = "\(folder)/\(id)"
    if isFree(plain) { return plain }
    return (2...9_999).lazy.map { "\(plain).\($0)" }.first(where: isFree) ?? "\(plain).10000"
  }
}

extension Instant {
  fileprivate static let distantPast = Instant(millisecondsSince1970: .min)
}
