import Files
import Foundation
import Testing

@Suite("Where a path leads, whatever it is called")
struct FilePlaceTests {
  private let folder = NSTemporaryDirectory() + "daybook-places-\(UUID().uuidString)"

  init() throws {
    for name in ["data/bank", "other/bank"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/link", withDestinationPath: "data")
  }

  /// Spellings of `data/bank/books.sqlite`, or of what lies below it.
  private var spellings: [String] {
    [
      "data/bank/books.sqlite", "link/bank/books.sqlite", "data//bank/./books.sqlite",
      "data/bank/../bank/books.sqlite", "link/../data/bank/books.sqlite",
    ].map { "\(folder)/\($0)" }
  }

  @Test("one file is one place, whether it is there or not", arguments: [false, true])
  func same(isThere: Bool) throws {
    if isThere { try Data().write(to: URL(fileURLWithPath: spellings[0])) }
    for path in spellings {
      #expect(FilePlace(path) == FilePlace(spellings[0]), "\(path)")
      #expect(FilePlace(path) != FilePlace("\(folder)/other/bank/books.sqlite"), "\(path)")
      #expect(FilePlace(path) != FilePlace("\(folder)/data/bank/books2.sqlite"), "\(path)")
    }
    if isThere {
      try FileManager.default.linkItem(atPath: spellings[0], toPath: "\(folder)/second-name")
      #expect(FilePlace("\(folder)/second-name") == FilePlace(spellings[0]))
    }
  }

  @Test("folders that are missing are told apart by their names")
  func missingFolders() {
    #expect(
      FilePlace("\(folder)/link/new/books.sqlite") == FilePlace("\(folder)/data/new/books.sqlite"))
    #expect(
      FilePlace("\(folder)/link/new/books.sqlite") != FilePlace("\(folder)/data/old/books.sqlite"))
    #expect(FilePlace("/") == FilePlace("//"))
  }
}
