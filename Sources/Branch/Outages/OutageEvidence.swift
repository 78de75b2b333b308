import BankCore
import Files
import Foundation
import Host
import Settings

/// What the doctor found when outages began: a file for each outage and cause, beside the ledgers
/// and no part of them. Losing one loses a line of a report.
struct DoctorFiles {
  let folder: String

  /// - Parameter state: the state directory.
  init(state: String) { folder = "\(state)/outages" }

  private func path(_ id: OutageID, _ layer: Layer) -> String {
    "\(folder)/\(id).\(layer.code).json"
  }

  func isKept(_ id: OutageID, for layer: Layer) -> Bool {
    FileManager.default.fileExists(atPath: path(id, layer))
  }

  /// - Parameter document: what `daybook doctor --json` gives, and when and why it was asked for.
  func keep(
    _ document: String, of id: OutageID, for layer: Layer
  ) throws(FileTrouble) {
    try DurableFile.makeFolder(folder)
    try DurableFile.write(document, to: path(id, layer))
  }

  /// Of one outage. What cannot be read is left out: the report says that nobody asked.
  func examinations(of id: OutageID) -> [OutageReport.DoctorFinding] {
    Layer.allCases.compactMap { layer in
      guard let bytes = try? OrdinaryFile.contents(ofOwn: path(id, layer)) else { return nil }
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return (try? decoder.decode(Document.self, from: Data(bytes)))?.examination(for: layer)
    }
  }

  private struct Document: Decodable {
    struct FoundLayer: Decodable {
      let code: String
      let name: String
      let result: String
      let observed: String
      let sqlstate: String?
      let cause: String?
      let fix: String?
      let ruledOut: [String]?
    }

    let at: Instant
    let place: String?
    let layers: [FoundLayer]

    func examination(for layer: Layer) -> OutageReport.DoctorFinding {
      func codes(_ results: LayerReport.Result...) -> [String] {
        layers.filter { results.map(\.rawValue).contains($0.result) }.map(\.code)
      }
      let failed = layers.first { $0.result == LayerReport.Result.fail.rawValue }
      return OutageReport.DoctorFinding(
        at: at, layer: layer, place: place.map { Disclosure.words($0) },
        failure: failed.map {
          .init(
            code: $0.code, name: $0.name, observed: Disclosure.words($0.observed),
            sqlState: $0.sqlstate,
            cause: $0.cause, fix: $0.fix)
        }, passed: codes(.pass, .warn), untested: codes(.couldNotTest),
        ruledOut: failed?.ruledOut ?? [])
    }
  }
}

extension HistoryFolder {
  /// The configuration's history as what may have led to an outage: each generation that was in
  /// force, and each that was taken back.
  func leadup() -> [OutageReport.Leadup] {
    let history = load()
    return history.records.flatMap { record -> [OutageReport.Leadup] in
      guard let activated = record.occurrences[.activated] else { return [] }
      var changes = [record.change(at: activated.at, in: history)]
      if let reverted = record.occurrences[.reverted] {
        var back = OutageReport.Leadup(
          at: reverted.at, kind: .rollback, text: "taken back: \(reverted.text)",
          author: reverted.person)
        back.generation = record.generation.previous
        back.previous = record.number
        back.verified = record.occurrences[.verified]?.text
        changes.append(back)
      }
      return changes
    }
  }
}

extension ConfigurationHistory.Record {
  fileprivate func change(
    at moment: Instant, in history: ConfigurationHistory
  ) -> OutageReport.Leadup {
    let kind: OutageReport.Leadup.Kind =
      switch generation.kind {
      case .found: .found
      case .rolledBack: .rollback
      case .applied, .edited: .change
      }
    let before = generation.previous.flatMap { history[$0]?.generation }
    let restored = generation.restores.map { "back to what generation \($0) says: " } ?? ""
    var change = OutageReport.Leadup(
      at: moment, kind: kind, text: restored + generation.difference(from: before),
      author: generation.author)
    change.generation = number
    change.previous = generation.previous
    change.reason = kind == .found ? "" : generation.reason
    change.doctor = generation.examined.map { found in
      [found.code ?? "", found.text].filter { !$0.isEmpty }.joined(separator: " ")
    }
    change.verified = occurrences[.verified]?.text
    return change
  }
}

extension Generation {
  /// Against another generation of the same file, without secrets.
  fileprivate func difference(from other: Generation?) -> String {
    guard let other else { return kind == .found ? "found, unchanged" : "the first one" }
    guard let old = other.settings, let new = settings else { return "a text with mistakes" }
    let differences = new.differences(from: old)
    return differences.isEmpty ? "nothing that counts" : differences.joined(separator: ", ")
  }

  /// What its text alone says.
  private var settings: Settings? {
    guard let content else { return try? Settings.load() }
    return try? Settings.load(files: [file], standIns: [file: content])
  }
}
