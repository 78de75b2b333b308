import BankCore
import Files
import Foundation

/// `hold.json` in the state directory: that the bank is kept away from all its tills, by whom, since
/// when and why. It is read by everybody and needs nobody to be in force, or to be over: a drill's
/// deadline is a part of it, so that no crash can keep the bank away for ever.
public struct HoldFile: Hashable, Sendable {
  public let path: String

  /// - Parameter state: the state directory.
  public init(state: String) { path = "\(state)/hold.json" }

  /// What a change led to.
  public struct Change: Hashable, Sendable {
    public let state: HoldState
    /// False where all was as it is wanted already.
    public let isNew: Bool

    public init(state: HoldState, isNew: Bool) {
      self.state = state
      self.isNew = isNew
    }
  }

  /// A file that is there and cannot be read holds: somebody wanted the bank away, and `hold off`
  /// ends it.
  public func state(at moment: ChangeMoment) -> HoldState {
    let bytes: [UInt8]
    do throws(FileObjection) { bytes = try OrdinaryFile.contents(ofOwn: path) } catch {
      return error.isMissing ? HoldState() : unreadable("hold.json \(error.text).", at: moment)
    }
    guard let text = String(validating: bytes, as: UTF8.self), let record = HoldRecord(text) else {
      return unreadable("hold.json cannot be read.", at: moment)
    }
    return record.state(at: moment)
  }

  /// Nobody knows who; what stands there knows since when.
  private func unreadable(_ reason: String, at moment: ChangeMoment) -> HoldState {
    let facts = try? FileManager.default.attributesOfItem(atPath: path)
    let changed = (facts?[.modificationDate] as? Date).map {
      Instant(millisecondsSince1970: Int64($0.timeIntervalSince1970 * 1000))
    }
    return HoldState(
      standing: Hold(
        .hold, by: "somebody who is not known", since: changed ?? moment.now, reason: reason))
  }

  /// Takes the bank away. What keeps it away already is never replaced: a drill would not end by itself
  /// any more, and a hold would.
  ///
  /// - Throws: `Failure` when the other kind is in force, or the file cannot be written.
  public func begin(
    _ kind: Hold.Kind, by name: String, reason: String, at moment: ChangeMoment
  ) throws(Failure) -> Change {
    let present = state(at: moment)
    if let standing = present.standing {
      if standing.kind == kind { return Change(state: present, isNew: false) }
      throw Self.isAway(standing)
    }
    let words = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let hold = Hold(kind, by: name, since: moment.now, reason: words)
    try write(HoldRecord(hold, at: moment))
    return Change(state: HoldState(standing: hold), isNew: true)
  }

  /// Gives the bank back.
  ///
  /// - Parameter kind: what alone may be ended; nil for whatever keeps the bank away.
  /// - Throws: `Failure` when it is held and only a drill may be ended, or the file cannot be written.
  public func end(
    _ kind: Hold.Kind? = nil, by name: String, at moment: ChangeMoment
  ) throws(Failure) -> Change {
    let present = state(at: moment)
    guard let standing = present.standing else { return Change(state: present, isNew: false) }
    if let kind, kind != standing.kind { throw Self.isAway(standing) }
    let ended = HoldState.Ended(standing, by: name, at: moment.now)
    try write(HoldRecord(standing, at: moment, ended: ended))
    return Change(state: HoldState(ended: ended), isNew: true)
  }

  private static func isAway(_ hold: Hold) -> Failure {
    let text =
      switch hold.kind {
      case .hold: "The bank is held by \(hold.by) since \(hold.since): this is no drill."
      case .drill: "A drill by \(hold.by) keeps the bank away since \(hold.since)."
      }
    return Failure(
      .refused, code: hold.cause.code.description, text: text,
      fix: "Nothing was changed. \(hold.cause.remedy)")
  }

  private func write(_ record: HoldRecord) throws(Failure) {
    do throws(FileTrouble) { try DurableFile.write(record.text, to: path) } catch {
      throw Failure(
        .fault, code: "state", text: "\(path) cannot be written: \(error.reason).",
        fix: "Free room for the state directory, or correct its rights. Nothing was changed.")
    }
  }
}

/// The file's text.
private struct HoldRecord: Codable {
  let kind: String
  let by: String
  let since: Instant
  let reason: String
  /// A drill's end by this machine's uptime, which nobody can set; another run of it ends the drill.
  var boot: String?
  var uptimeDeadlineMilliseconds: Int64?
  var endedBy: String?
  var endedAt: Instant?

  init(_ hold: Hold, at moment: ChangeMoment, ended: HoldState.Ended? = nil) {
    kind = hold.kind.rawValue
    by = hold.by
    since = hold.since
    reason = hold.reason
    endedBy = ended?.by
    endedAt = ended?.at
    if hold.kind == .drill {
      boot = moment.boot
      uptimeDeadlineMilliseconds = moment.uptimeMilliseconds &+ Hold.drillMilliseconds
    }
  }

  /// Nil for what no Daybook has written.
  init?(_ text: String) {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let record = try? decoder.decode(Self.self, from: Data(text.utf8)),
      Hold.Kind(rawValue: record.kind) != nil
    else { return nil }
    self = record
  }

  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // Texts and whole numbers: there is nothing in them that cannot be encoded.
    guard let data = try? encoder.encode(self) else { return "" }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  func state(at moment: ChangeMoment) -> HoldState {
    let hold = Hold(Hold.Kind(rawValue: kind) ?? .hold, by: by, since: since, reason: reason)
    if let endedAt { return HoldState(ended: .init(hold, by: endedBy, at: endedAt)) }
    guard let until = hold.until, isOver(at: moment) else { return HoldState(standing: hold) }
    return HoldState(ended: .init(hold, by: nil, at: until))
  }

  private func isOver(at moment: ChangeMoment) -> Bool {
    guard boot == moment.boot, let deadline = uptimeDeadlineMilliseconds else { return true }
    return moment.uptimeMilliseconds >= deadline
  }
}
