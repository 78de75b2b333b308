import Answers
import ArgumentParser
import BankCore
import Branch
import Foundation

/// `daybook doctor`
struct DoctorCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Examine a database connection layer by layer, C01 to C23.",
    discussion: """
      Changes nothing and shows no secret. Exit status: 0 healthy, perhaps with warnings; 1 a \
      fault; 3 something could not be tested; 4 another bank.
      """)

  @Argument(
    help: ArgumentHelp("The database to examine instead of the configured one.", valueName: "url"))
  var url: String?
  @Option(
    help: ArgumentHelp("Also write a JUnit report, for a deployment pipeline.", valueName: "file"))
  var junit: String?
  @OptionGroup(title: "Everywhere") var global: GlobalOptions

  func answer() async throws -> Answer {
    var options = global.options
    options.database = url ?? options.database
    let workplace = try Workplace(calledWith: options)
    if let gap = workplace.gapInMemory {
      Standard.warn("the bank cannot be compared with what was known here: \(gap)")
    }
    let report = await workplace.examine()
    if let junit { try write(JUnitReport(report).text, to: workplace.surroundings.path(junit)) }
    return .diagnosis(report)
  }

  private func write(_ text: String, to file: String) throws(Failure) {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    } catch {
      throw Failure(
        .fault, code: "output", text: "The report \(file) could not be written.",
        fix: "Name a file in a folder that exists and that you may write to.")
    }
  }
}
