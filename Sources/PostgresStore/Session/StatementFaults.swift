import BankCore
import BankService

/// What a SQLSTATE means for the bank. Sorted by code, never by text: the server's words change
/// with its language. The codes are those of PostgreSQL's "Appendix A. Error Codes".
enum StatementFaults {
  /// - Parameters:
  ///   - message: the server's own words, for the states that have no words of ours.
  ///   - routine: the function of the server that says it.
  ///   - layer: which layer has failed when the statement was only too slow.
  static func fault(
    _ state: String, _ message: String, routine: String = "", layer: Layer, place: String
  ) -> StoreFault {
    func fault(
      _ kind: FaultKind, _ text: String, isRejection: Bool = false, missedDeadline: Bool = false
    ) -> StoreFault {
      StoreFault(
        kind, text, sqlState: state, isRejection: isRejection, missedDeadline: missedDeadline)
    }
    let writes = layer == .writeProbe
    switch state {
    case "42501":
      return fault(
        .rightsMissing, "this role may not do what Daybook needs at \(place): \(message)")
    case "42703", "42804", "42809", "42883", "42P10":
      return fault(
        .schemaUnreadable,
        "the tables at \(place) are not those that this version knows: \(message)")
    case "42P05":
      // The names are given out session by session: another session has been here.
      return fault(
        .poolerPerTransaction,
        "a pooler at \(place) gives one session of the server to several clients in turn")
    case "42P01", "3F000", "42704":
      return fault(.schemaMissing, "the database at \(place) has no tables of Daybook")
    case "25006":
      return fault(
        .readOnlySessions, "\(place) is read-only: a standby, or the database or the role is set so"
      )
    case "53100":
      return fault(.fullDisk, "the disk of \(place) is full: reading still works")
    case "53200":
      return fault(.outOfMemory, "\(place) is out of memory")
    case "53300":
      return fault(.noFreeSlot, "\(place) has no connection left for this role")
    case "57P03" where message.contains("is not accepting connections"):
      return fault(.standbyClosed, "\(place) follows another server and accepts no login")
    case "57P01", "57P02", "57P03":
      return fault(.serverNotReady, "\(place) is shutting down, starting or recovering")
    case "57P04", "3D000":
      return fault(.databaseMissing, "\(place) has no such database")
    case "57014":
      return fault(
        writes ? .writeSlow : .readSlow, "a statement took too long at \(place)",
        missedDeadline: true)
    case "55P03":
      return fault(
        writes ? .writeBlocked : .readBlocked, "another session at \(place) holds what is needed",
        missedDeadline: true)
    case "40001", "40P01":
      return StoreFault(
        .layer(layer), "sessions at \(place) kept getting in each other's way", sqlState: state)
    case "01000":
      return fault(.writeSlow, "\(place) committed, but its standby did not confirm it")
    default: break
    }
    return unnamed(state, message, routine: routine, layer: layer, place: place)
  }

  /// The codes that several things have in common.
  private static func unnamed(
    _ state: String, _ message: String, routine: String, layer: Layer, place: String
  ) -> StoreFault {
    func fault(_ kind: FaultKind, _ text: String) -> StoreFault {
      StoreFault(kind, text, sqlState: state)
    }
    if let words = ReadBack.words(in: message) {
      return fault(.writeRejected, "something at \(place) changes or drops rows: \(words)")
    }
    if ["GetNewTransactionId", "GetNewMultiXactId"].contains(routine) {
      return fault(.numbersUsedUp, "\(place) takes no further transaction: \(message)")
    }
    if state == "08P01", let fault = PoolerFaults.fault(message, place) { return fault }
    switch state.prefix(2) {
    case "22", "23", "54":
      return StoreFault(
        .layer(layer), "the database rejected the data: \(message)", sqlState: state,
        isRejection: true)
    case "08":
      return fault(.connectionLost, "the connection to \(place) was lost")
    default:
      return StoreFault(
        .layer(layer), "\(place) answered with error \(state): \(Disclosure.words(message))",
        sqlState: state)
    }
  }

  /// The session knows statements or plans that the server no longer does; a new one will do.
  static func isStaleSession(_ state: String) -> Bool {
    ["0A000", "26000", "25P03", "57P05"].contains(state)
  }

  /// How often it is worth doing a transaction that failed like this; nil when it is not. Two
  /// transactions met, and the same again from the start can succeed.
  static func attempts(worthMaking state: String?) -> Int? {
    switch state {
    case "40001", "40P01": 5
    // Another session has just written the same id, which the next reading will show.
    case "23505": 2
    default: nil
    }
  }
}

enum SQLState {
  /// The first code in a message that libpq composed with verbose errors, such as
  /// `FATAL:  28P01: password …`. The word before it depends on the server's language.
  static func found(in message: String) -> String? { all(in: message).first }

  static func all(in message: String) -> [String] {
    var found: [String] = []
    let bytes = Array(message.utf8)
    let colon = UInt8(ascii: ":")
    let blank = UInt8(ascii: " ")
    guard bytes.count > 8 else { return [] }
    for start in 3..<(bytes.count - 5)
    where bytes[start - 3] == colon && bytes[start - 2] == blank && bytes[start - 1] == blank {
      let code = bytes[start..<start + 5]
      guard bytes[start + 5] == colon, code.allSatisfy(isCodeByte) else { continue }
      found.append(String(decoding: code, as: UTF8.self))
    }
    return found
  }

  private static func isCodeByte(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}
