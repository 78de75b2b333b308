import BankCore
import Screen

/// Where things are on every screen. The banner has the same height in every mode, so that
/// nothing moves when the bank is lost. In a low window it gives way, down to the mode alone.
struct Layout: Hashable, Sendable {
  /// The smallest window that shows all of a screen.
  static let fullSize = Size(columns: 80, rows: 23)

  /// Columns of the line about what is selected from which it also shows the entry id.
  static let entryIDsAppearAt = 110

  let size: Size
  /// What the mode means, and what may be done, have a line each where there is room.
  let bannerRows: Int

  init(_ size: Size) {
    self.size = size
    bannerRows = size.rows >= 18 ? 3 : size.rows >= 14 ? 2 : 1
  }

  /// Not all rows of a panel find room.
  var isLow: Bool { size.rows < Self.fullSize.rows }
  var isFull: Bool { !isLow && size.columns >= Self.fullSize.columns }

  private var margin: Int { 1 }
  private var columns: Int { max(0, size.columns - 2 * margin) }

  /// The mode, what it means, what may be done.
  var banner: Area { Area(column: margin, row: 0, columns: columns, rows: bannerRows) }
  /// The screen's title, and where its figures come from.
  var title: Area { row(bannerRows) }
  /// Everything between the title and the status line.
  var body: Area {
    let top = bannerRows + 1
    return Area(column: 0, row: top, columns: size.columns, rows: max(0, size.rows - top - 3))
  }
  /// Where forms, reviews and other panels stand. In a low window they leave the mode, the message
  /// and the keys alone.
  var panel: Area {
    isLow ? Area(column: 0, row: 1, columns: size.columns, rows: max(0, size.rows - 3)) : body
  }
  /// The list with its headings, on screens that are a list.
  var list: Area { body }
  /// What the screen has to say about itself: filter, totals.
  var status: Area { row(size.rows - 3) }
  /// What the last key did, or why it could not.
  var message: Area { row(size.rows - 2) }
  var footer: Area { row(size.rows - 1) }

  private func row(_ row: Int) -> Area {
    Area(column: margin, row: row, columns: columns, rows: 1)
  }
}

extension Provenance {
  /// The role of the words that say where a figure comes from.
  var role: Role {
    switch self {
    case .live: .dim
    case .snapshot: .snapshot
    case .estimated: .estimated
    }
  }
}

extension AccountStatus {
  var role: Role {
    switch self {
    case .open: .text
    case .frozen: .warning
    case .closed: .dim
    }
  }
}

extension AccountNumber {
  /// No account number sorts after it.
  static let greatest = AccountNumber(String(repeating: "Z", count: 34))

  /// A number that sorts before this one and after every other that does; nil where none does.
  /// Lets a page begin with this very account.
  var justBefore: AccountNumber? {
    var bytes = Array(text.utf8)
    guard let last = bytes.popLast() else { return nil }
    let alphabet = Array("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    guard let place = alphabet.firstIndex(of: last), place > 0 else {
      return AccountNumber(String(decoding: bytes, as: UTF8.self))
    }
    bytes.append(alphabet[place - 1])
    bytes += Array(repeating: UInt8(ascii: "Z"), count: 34 - bytes.count)
    return AccountNumber(String(decoding: bytes, as: UTF8.self))
  }
}
