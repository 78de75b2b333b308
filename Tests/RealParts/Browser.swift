import Foundation

/// A real browser without a window and without a network, for the pages that Daybook writes.
public enum Browser {
  /// What the browser made of a page.
  public struct Page: Sendable {
    /// The document as it stands after loading, as text.
    public let document: String
    /// What the page, or the browser about the page, wrote on the console.
    public let messages: [String]
    /// A PNG of the page in a window of that size.
    public let screenshot: Data
  }

  /// Opens a file, twice: for its document and for its picture.
  ///
  /// - Throws: `RealPartFault` where Chromium is missing or fails.
  public static func open(
    file: String, columns: Int = 1_100, rows: Int = 1_400, isDark: Bool = false
  ) async throws -> Page {
    let caretaker = try Caretaker("browser")
    do {
      let page = try await open(file, caretaker.directory, "\(columns),\(rows)", isDark)
      await caretaker.dismiss()
      return page
    } catch {
      await caretaker.dismiss()
      throw error
    }
  }

  private static func open(
    _ file: String, _ home: String, _ size: String, _ isDark: Bool
  ) async throws -> Page {
    let picture = "\(home)/page.png"
    let url = URL(fileURLWithPath: file).absoluteString
    let common = [
      "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--metrics-recording-only",
      // Nothing the page asks for may leave the machine.
      "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(home)/profile",
      "--window-size=\(size)", "--enable-logging=stderr", "--v=0",
      "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
    ]
    let environment = Command.plainEnvironment.merging(["HOME": home]) { _, new in new }
    let dump = try await Command.run(
      common + ["--dump-dom", url], environment: environment, directory: home)
    guard dump.status == 0, !dump.standardOutput.isEmpty else {
      throw RealPartFault("chromium: exit status \(dump.status)\n\(dump.standardError)")
    }
    try await Command.succeed(
      common + ["--screenshot=\(picture)", url], environment: environment, directory: home)
    guard let screenshot = FileManager.default.contents(atPath: picture) else {
      throw RealPartFault("chromium took no picture")
    }
    let messages = dump.standardError.split(separator: "\n").map(String.init)
      .filter { $0.contains("CONSOLE") }
    return Page(document: dump.standardOutput, messages: messages, screenshot: screenshot)
  }
}
