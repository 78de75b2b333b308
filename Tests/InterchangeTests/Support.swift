import BankCore
import Foundation
import Interchange
import Testing

/// The package's own folder.
let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

let sampleFolder = packageFolder + "/data/import/sample/"

/// The real data, which are not part of the project; nil, said aloud, where they are missing.
func berkaFolder(leavingOut what: String) -> String? {
  let folder = packageFolder + "/../shared/data/berka/"
  if FileManager.default.fileExists(atPath: folder + "trans.asc") { return folder }
  print("left out for want of ../shared/data/berka: \(what)")
  return nil
}

/// A stand-in for SHA-256 that tests can do without a library: 128 bits of FNV-1a, twice.
let standInDigest: ContentDigest = { text in
  var hash = (UInt64(0xcbf2_9ce4_8422_2325), UInt64(0x8422_2325_cbf2_9ce4))
  for byte in text.utf8 {
    hash.0 = (hash.0 ^ UInt64(byte)) &* 0x100_0000_01b3
    hash.1 = (hash.1 ^ UInt64(byte ^ 0x5a)) &* 0x100_0000_01b3
  }
  let half = [hash.0, hash.1].map { word in
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
  return half + half
}

/// Today, for imports in tests: in the future, so that all of their days have come.
let testDay = BusinessDay(year: 2099, month: 12, day: 31)!

func rules(named name: String) throws -> ImportRules {
  try ImportRules(path: packageFolder + "/data/import/" + name)
}

/// What came out of an import: the good, and the bad as text.
struct Imported<Item> {
  var items: [Item] = []
  var bad: [String] = []

  mutating func receive(_ line: Result<Item, BadLine>) {
    switch line {
    case .success(let item): items.append(item)
    case .failure(let line): bad.append(line.description)
    }
  }
}

func importAccounts(_ path: String, _ rules: ImportRules) throws -> Imported<ImportedAccount> {
  let reader = try AccountReader(path: path, rules: rules, digest: standInDigest)
  var imported = Imported<ImportedAccount>()
  while let line = try reader.next() { imported.receive(line) }
  return imported
}

func importTransactions(
  _ path: String, _ rules: ImportRules
) throws -> Imported<ImportedTransaction> {
  let reader = try TransactionReader(
    path: path, rules: rules, today: testDay, digest: standInDigest)
  var imported = Imported<ImportedTransaction>()
  while let line = try reader.next() { imported.receive(line) }
  return imported
}

func importTransactions(
  _ source: ByteSource, _ rules: ImportRules, today: BusinessDay = testDay
) throws -> Imported<ImportedTransaction> {
  let reader = try TransactionReader(
    source, file: "data.csv", rules: rules, today: today, digest: standInDigest,
    openLookup: { name throws(ImportFault) in throw ImportFault(file: name, text: "not here") })
  var imported = Imported<ImportedTransaction>()
  while let line = try reader.next() { imported.receive(line) }
  return imported
}

/// Balances by account, as a bank would book the transactions, clearing included.
func balances(_ transactions: [ImportedTransaction]) -> [AccountNumber: Int64] {
  var balances: [AccountNumber: Int64] = [:]
  for transaction in transactions {
    let entry = transaction.submission(operatorName: "test", digest: standInDigest).entry
    for number in [entry.debit, entry.credit] {
      balances[number, default: 0] += entry.effect(on: number)
    }
  }
  return balances
}
