import BankCore
import Files
import Yams

/// A file that cannot be read, in words.
struct Unreadable: Error, Hashable {
  let line: Int?
  let text: String

  init(line: Int? = nil, _ text: String) {
    self.line = line
    self.text = text
  }
}

/// Reads small text files whole.
enum FileText {
  /// Far more than any configuration or theme needs; a device or a log given by mistake ends here.
  static let byteLimit = 1 << 20

  static func read(_ path: String) -> Result<String, Unreadable> {
    let bytes: [UInt8]
    do throws(FileObjection) {
      bytes = try OrdinaryFile.contents(of: path, atMost: byteLimit)
    } catch {
      return .failure(
        Unreadable(error.isMissing ? "there is no such file" : "this \(error.text)"))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return .failure(Unreadable("this file is not UTF-8 text"))
    }
    return .success(text)
  }
}

/// YAML as nodes that know their lines.
enum YAMLText {
  /// The document's root; nil when the text holds none. Never quotes the text: it may hold secrets.
  static func compose(_ text: String) -> Result<Node?, Unreadable> {
    do {
      // Each key knows how its value is read. To guess at types, the default resolver compiles a
      // dozen regular expressions, which a start would wait for.
      return .success(try Yams.compose(yaml: text, .basic))
    } catch YamlError.reader(let problem, _, _, _) {
      return .failure(Unreadable(line: lineOfControl(text), "this is not YAML: \(problem)"))
    } catch let error as YamlError {
      return .failure(unreadable(error))
    } catch {
      return .failure(Unreadable("this is not YAML"))
    }
  }

  /// The line of the first control character, which the reader names without its place.
  private static func lineOfControl(_ text: String) -> Int? {
    let control = text.unicodeScalars.firstIndex {
      $0.value == 0x7F || $0.value < 0x20 && !"\t\n\r".unicodeScalars.contains($0)
    }
    return control.map { text.unicodeScalars[..<$0].count { $0 == "\n" } + 1 }
  }

  private static func unreadable(_ error: YamlError) -> Unreadable {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Unreadable(line: mark.line, "this is not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      Unreadable(
        line: context.mark.line,
        "a key is given twice: "
          + duplicates.sorted().map { Disclosure.holdsAddress($0) ? Disclosure.mask : $0 }
          .joined(separator: ", "))
    default: Unreadable("this is not YAML")
    }
  }
}
