import BankCore
import Files
import Foundation
import Host
import ManualLedger
import Settings

/// The manual ledgers' files, read as they are: without a database, without the writer's lock, and
/// where nothing may be written.
public struct LedgerFiles: Sendable {
  public let directory: String

  public init(directory: String) { self.directory = directory }

  /// The verdict on one file.
  public struct Finding: Sendable {
    public let path: String
    public let report: SegmentReport
    /// Of the mark beside it; nil where there is none and none is expected.
    public let mark: MarkCondition?

    public init(path: String, report: SegmentReport, mark: MarkCondition?) {
      self.path = path
      self.report = report
      self.mark = mark
    }
  }

  /// What is said of a whole ledger, beside the verdicts on its files.
  public struct Standing: Sendable {
    public let terminal: TerminalName
    /// What no supervisor has accepted yet, in half sentences.
    public let losses: [String]
    public let missing: [MissingEntry]
    /// The folder of the second copy, and how many lines it holds that are lost here.
    public let offer: (folder: String, lines: Int)?

    public init(
      terminal: TerminalName, losses: [String], missing: [MissingEntry],
      offer: (folder: String, lines: Int)?
    ) {
      self.terminal = terminal
      self.losses = losses
      self.missing = missing
      self.offer = offer
    }
  }

  /// A line in which a password seems to stand.
  public struct Trace: Hashable, Sendable {
    public let path: String
    /// From 1.
    public let line: Int

    public init(path: String, line: Int) {
      self.path = path
      self.line = line
    }
  }

  /// The terminals that have a ledger here, in order.
  ///
  /// - Throws: `Failure` when the folder cannot be read.
  public func terminals() throws(Failure) -> [TerminalName] {
    guard FileManager.default.fileExists(atPath: directory) else { return [] }
    let names: [String]
    do throws(VolumeFault) { names = try ReadOnlyFolder(directory).fileNames() } catch {
      throw Self.unreadable(error.text)
    }
    // A ledger whose mark is gone is a ledger still: its segments say whose it is.
    let owners =
      names
      .filter { name in [".ledger", ".mark", ".witness"].contains { name.hasSuffix($0) } }
      .compactMap { $0.split(separator: ".").first.map(String.init) }
    return Set(owners).sorted().compactMap { TerminalName($0) }
  }

  /// Everything that the kept segments of a terminal say.
  ///
  /// - Parameter isTold: no further than the mark: a living writer may be in the middle of a line.
  /// - Throws: `Failure` when a file cannot be read.
  public func reading(
    of terminal: TerminalName, isTold: Bool = false
  ) throws(Failure) -> LedgerReading {
    try Self.read(terminal, ReadOnlyFolder(directory), isTold: isTold)
  }

  /// The verdicts on all segments of a terminal.
  func findings(on terminal: TerminalName) throws(Failure) -> [Finding] {
    let reading = try reading(of: terminal)
    return reading.reports.map {
      Finding(path: "\(directory)/\($0.name)", report: $0, mark: reading.mark)
    }
  }

  /// What else is to be said of a terminal's ledger.
  ///
  /// - Parameter copy: the folder of the second copy.
  func standing(of terminal: TerminalName, copy: String?) throws(Failure) -> Standing {
    let found = try reading(of: terminal)
    var offer: (String, Int)?
    if let copy, !found.losses.isEmpty || !found.state.missing.isEmpty || found.reports.isEmpty {
      let lines = found.linesOffered(by: ReadOnlyFolder(copy))
      if lines > 0 { offer = (copy, lines) }
    }
    return Standing(
      terminal: terminal, losses: found.losses, missing: found.state.missing, offer: offer)
  }

  /// The same where this is the second copy, and the state directory is gone altogether.
  func standing(ofLost terminal: TerminalName, _ lost: String) throws(Failure) -> Standing {
    let lines = try reading(of: terminal, isTold: true).reports.reduce(0) { $0 + $1.records }
    return Standing(
      terminal: terminal, losses: ["the state directory \(lost) is gone"], missing: [],
      offer: (directory, Int(clamping: lines)))
  }

  /// The outages of all terminals, each with its score where it was a drill; the oldest of each
  /// terminal first.
  ///
  /// - Throws: `Failure` when a ledger cannot be read.
  public func outages() throws(Failure) -> [(TerminalName, LedgerOutage, DrillScore?)] {
    var outages: [(TerminalName, LedgerOutage, DrillScore?)] = []
    for terminal in try terminals() {
      let state = try reading(of: terminal).state
      outages += state.outages.map {
        (terminal, $0, OutageReport(of: $0.number, in: state, at: terminal)?.drillScore)
      }
    }
    return outages
  }

  /// What stands in the place of the folder's files, or keeps them from being read. What a file should
  /// be, nobody else may say: a link would lead elsewhere, and a hole was never written.
  func objections() -> [FileObjection] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.sorted().compactMap { name in
      let part = LedgerNames.Part(ofFile: name)
      guard let most = part?.largestByteCount ?? StateDirectory.largestByteCount(of: name) else {
        return nil
      }
      return OrdinaryFile.objection(
        toOwn: "\(directory)/\(name)", atMost: most,
        toleratingHoles: part == .ballast ? 0 : ReadOnlyFolder.mostHoles)
    }
  }

  /// The lines of this folder's files in which a password seems to stand: nobody writes one there
  /// now, and older versions did.
  func traces() -> [Trace] {
    let folders = ["", "/outages", "/config", "/reports"].map { directory + $0 }
    return folders.flatMap { folder -> [Trace] in
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted().flatMap { name -> [Trace] in
        guard
          [".ledger", ".json", ".md", ".html", ".log"].contains(where: name.hasSuffix)
            || name.hasPrefix("daybook.log."),
          let bytes = try? OrdinaryFile.contents(ofOwn: "\(folder)/\(name)", atMost: 64 << 20)
        else { return [] }
        return Secrets.linesWithPasswords(in: String(decoding: bytes, as: UTF8.self)).map {
          Trace(path: "\(folder)/\(name)", line: $0)
        }
      }
    }
  }

  /// The verdict on one file: as a part of its ledger where that lies around it, else alone.
  ///
  /// - Throws: `Failure` when it is no file of a ledger, or cannot be read.
  public static func finding(onFile path: String) throws(Failure) -> Finding {
    let location = URL(fileURLWithPath: path)
    let (folder, name) = (location.deletingLastPathComponent().path, location.lastPathComponent)
    do throws(FileObjection) {
      _ = try OrdinaryFile(path, toleratingHoles: ReadOnlyFolder.mostHoles)
    } catch {
      throw unreadable(error.isMissing ? "there is no file \(path)" : "\(path) \(error.text)")
    }
    if let terminal = name.split(separator: ".").first.flatMap({ TerminalName(String($0)) }),
      LedgerNames(terminal).segmentNumber(name) != nil,
      FileManager.default.fileExists(atPath: "\(folder)/\(LedgerNames(terminal).mark)")
    {
      let reading = try read(terminal, ReadOnlyFolder(folder))
      if let report = reading.reports.first(where: { $0.name == name }) {
        return Finding(path: path, report: report, mark: reading.mark)
      }
    }
    return try findingAlone(path, folder, name)
  }

  /// A file that says itself, in its first line, whose it is; its name says nothing.
  private static func findingAlone(
    _ path: String, _ folder: String, _ name: String
  ) throws(Failure) -> Finding {
    let opening: SegmentOpening?
    do throws(VolumeFault) {
      opening = try SegmentOpening(ofFile: name, on: ReadOnlyFolder(folder))
    } catch {
      throw unreadable(error.text)
    }
    // Without a readable first line any name will do: the verdict is then on that line.
    let terminal = opening?.owner.terminal.name ?? TerminalName("unknown")
    let segment = opening?.segment ?? 1
    guard let terminal else { throw unreadable("\(path) belongs to no terminal") }
    let alias = LedgerNames(terminal).segment(segment)
    let reading = try read(terminal, ReadOnlyFolder(folder, only: name, as: alias))
    guard let report = reading.reports.first(where: { $0.name == alias }) else {
      throw unreadable("\(path) holds no ledger")
    }
    return Finding(path: path, report: report, mark: nil)
  }

  private static func read(
    _ terminal: TerminalName, _ folder: ReadOnlyFolder, isTold: Bool = false
  ) throws(Failure) -> LedgerReading {
    do throws(LedgerFault) {
      return try LedgerReading(of: terminal, on: folder, scope: .everything, isTold: isTold)
    } catch {
      guard case .volume(let fault) = error else { throw unreadable(error.text) }
      throw unreadable(fault.text, fault.part)
    }
  }

  private static func unreadable(
    _ text: String, _ stranger: LedgerNames.Part? = nil
  ) -> Failure {
    let end = text.hasSuffix(".") ? "" : "."
    let remedy = stranger?.remedy ?? "Check the path and its permissions."
    return Failure(
      .fault, code: "ledger", text: "The manual ledger cannot be read: \(text)\(end)",
      fix: "Nothing was changed. \(remedy)")
  }
}
