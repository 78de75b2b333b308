import ArgumentParser
import BankCore
import BankService
import Diagnosis
import Foundation
import Host
import PostgresStore
import SQLiteStore
import Screen
import Settings

/// `daybook doctor`
struct DoctorCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Examine a database connection layer by layer, C01 to C23.",
    discussion: """
      Changes nothing and shows no secret. Exit status: 0 healthy, perhaps with warnings; 1 a \
      fault; 3 something could not be tested; 4 another bank.
      """)

  @Argument(help: ArgumentHelp("Instead of the configured database.", valueName: "url"))
  var url: String?
  @Option(
    help: ArgumentHelp("Also write a JUnit report, for a deployment pipeline.", valueName: "file"))
  var junit: String?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer() async throws -> Answer {
    var global = global
    global.database = url ?? global.database
    let surroundings = global.surroundings()
    let composition = Composition(try global.settings(surroundings), surroundings)
    if let gap = composition.gapInMemory {
      Standard.error.write(
        sanitized("daybook: warning: the bank cannot be compared with what was known here: \(gap)")
          + "\n")
    }
    let report = await composition.examine()
    if let junit { try write(JUnitReport(report).text, to: surroundings.path(junit)) }
    return .diagnosis(report)
  }

  private func write(_ text: String, to file: String) throws(Failure) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    } catch {
      throw Failure(
        .fault, code: "output", text: "The report \(file) could not be written.",
        fix: "Name a file in a folder that is there and may be written to.")
    }
  }
}

extension Composition {
  /// Examines the configured connection.
  ///
  /// - Parameters:
  ///   - name: of a bank that is another one or an older copy, and was typed.
  ///   - onLayer: told the report as far as it is, each time a layer is finished.
  func examine(
    allowing name: String? = nil,
    onLayer: @escaping @Sendable (ConnectionReport) -> Void = { _ in }
  ) async -> ConnectionReport {
    let expected = expectedBank(allowing: name)
    let clock = clock
    let doctor = Doctor(expecting: expected, origin: settings.databaseOrigin?.description) {
      clock.now()
    }
    switch address {
    case nil:
      return doctor.report(
        StoreFault(
          .nothingConfigured,
          "no database is configured, and this till belongs to \(expected?.name ?? "another bank")"),
        at: "no database")
    case .unreadable(let why)?:
      return doctor.report(StoreFault(.addressUnreadable, why), at: "unreadable address")
    case .sqlite(let path)?:
      return await doctor.examine(
        [SQLiteProbe(path: path, remembering: expected?.memory)], onLayer: onLayer)
    case .postgres(let text)?:
      return await doctor.examine(
        PostgresProbe.probes(of: text, remembering: expected?.memory), onLayer: onLayer)
    }
  }
}
