import BankCore
import Screen

/// Where things are on every screen: who and how, the tabs, what must be said, the list with its
/// detail, the message and the keys.
///
/// While the bank cannot be asked a block of four lines stands at the top, and the tabs move below it.
/// In a low window lines give way, down to the mode alone.
struct Layout: Hashable, Sendable {
  /// The smallest window that shows all of a screen.
  static let fullSize = Size(columns: 80, rows: 23)

  /// Columns of the window from which the detail stands right of the list.
  static let paneAppearsAt = 110
  /// Columns of the window from which this till has a pane too.
  static let tillAppearsAt = 190
  static let tillColumns = 46
  static let stripRows = 3
  /// Beside a pane a list keeps the columns that it has in a window of 80. What else it would have in
  /// the width of the window, the pane tells of the selected row.
  static let fewestListColumns = 66

  let size: Size
  /// The mode alone, or the block of an outage.
  let headerRows: Int
  let hasTabs: Bool
  /// A hair rule below the tabs that what must be said takes the place of.
  let hasNotice: Bool
  /// The detail stands under the list, or right of it, or nowhere.
  let detailKind: DetailKind
  /// This till stands right of the detail.
  let hasTill: Bool

  enum DetailKind: Hashable, Sendable { case none, strip, pane }

  /// - Parameters:
  ///   - isCutOff: the block of an outage stands at the top.
  ///   - hasDetail: the screen tells of what is selected beside its list.
  ///   - hasTour: the tour's line stands below the tabs, also in an outage.
  init(
    _ size: Size, isCutOff: Bool = false, hasDetail: Bool = false, hasTour: Bool = false
  ) {
    self.size = size
    let room: (block: Int, tabs: Bool, notice: Bool) =
      size.rows >= 18 ? (4, true, true) : size.rows >= 14 ? (2, false, true) : (1, false, false)
    headerRows = isCutOff ? room.block : 1
    hasTabs = room.tabs
    hasNotice = room.notice && (!isCutOff || hasTour)
    let isFull = size.rows >= Self.fullSize.rows
    if !hasDetail || size.rows < 18 {
      detailKind = .none
    } else if size.columns >= Self.paneAppearsAt {
      detailKind = .pane
    } else {
      detailKind = isFull ? .strip : .none
    }
    hasTill = detailKind == .pane && size.columns >= Self.tillAppearsAt
  }

  /// Not all rows of a panel find room.
  var isLow: Bool { size.rows < Self.fullSize.rows }
  var isFull: Bool { !isLow && size.columns >= Self.fullSize.columns }

  private var margin: Int { 1 }
  private var columns: Int { max(0, size.columns - 2 * margin) }

  // MARK: Above the list

  /// The mode, and of an outage its cause, what the customer is told and what may be taken.
  var header: Area { Area(column: margin, row: 0, columns: columns, rows: headerRows) }
  /// The screens by name; no rows where there is no room for them.
  var tabs: Area {
    Area(column: 0, row: headerRows, columns: size.columns, rows: hasTabs ? 1 : 0)
  }
  /// What must be said while the bank answers; a hair rule where nothing must.
  var notice: Area {
    Area(
      column: margin, row: headerRows + tabs.rows, columns: columns, rows: hasNotice ? 1 : 0)
  }
  private var top: Int { headerRows + tabs.rows + notice.rows }
  /// The list's title or filter, and where its figures come from.
  var head: Area { Area(column: margin, row: top, columns: listColumns - 2 * margin, rows: 1) }

  // MARK: The list and its detail

  /// Everything between the head and the message: on screens without a detail.
  var body: Area {
    Area(column: 0, row: top + 1, columns: size.columns, rows: max(0, size.rows - top - 3))
  }
  /// The list with its headings.
  var list: Area {
    let rows = body.rows - (detailKind == .strip ? Self.stripRows + 1 : 0)
    return Area(column: 0, row: top + 1, columns: listColumns, rows: max(0, rows))
  }
  /// What tells of the selected thing: a strip of three rows, or a pane from the head's row on.
  var detail: Area? {
    switch detailKind {
    case .none: nil
    case .strip:
      Area(
        column: margin, row: list.row + list.rows + 1, columns: columns, rows: Self.stripRows)
    case .pane:
      Area(
        column: listColumns + 2, row: top, columns: paneColumns - 2, rows: max(0, body.rows + 1))
    }
  }
  /// What tells of this till, in a window with three panes.
  var till: Area? {
    guard hasTill else { return nil }
    let column = listColumns + 1 + paneColumns + 2
    return Area(
      column: column, row: top, columns: size.columns - column - margin, rows: max(0, body.rows + 1)
    )
  }

  private var listColumns: Int {
    guard detailKind == .pane else { return size.columns }
    guard !hasTill else { return Self.fewestListColumns }
    return Self.fewestListColumns + max(0, size.columns - 120) / 2
  }

  private var paneColumns: Int {
    size.columns - listColumns - 1 - (hasTill ? Self.tillColumns + 1 : 0)
  }

  /// Columns in which a hair rule parts the panes.
  var partings: [Int] {
    guard detailKind == .pane else { return [] }
    return [listColumns] + (hasTill ? [listColumns + 1 + paneColumns] : [])
  }
  /// Rows of the partings.
  var partedRows: Range<Int> { top..<top + body.rows + 1 }
  /// The row of the hair rule between list and strip; nil where there is no strip.
  var stripRule: Int? { detailKind == .strip ? list.row + list.rows : nil }

  // MARK: Below the list, and over it

  /// Where forms, reviews and other panels stand. In a low window they leave the mode, the message
  /// and the keys alone, and in a great one the pane of this till.
  var panel: Area {
    let first = isLow ? 1 : top
    return Area(
      column: 0, row: first, columns: hasTill ? listColumns + 1 + paneColumns : size.columns,
      rows: max(0, size.rows - first - 2))
  }
  /// What the last key did, or why it could not; a hair rule where there is nothing to say.
  var message: Area { row(size.rows - 2) }
  /// The first line of a message that takes two.
  var aboveMessage: Area { row(size.rows - 3) }
  var footer: Area { row(size.rows - 1) }

  private func row(_ row: Int) -> Area {
    Area(column: margin, row: row, columns: columns, rows: 1)
  }
}

extension Context {
  /// Where things are on a screen, as things stand.
  func layout<S: ScreenModel>(of screen: S.Type) -> Layout { layout(hasDetail: S.hasDetail) }

  /// - Parameter hasDetail: of the screen that is meant.
  func layout(hasDetail: Bool) -> Layout {
    Layout(
      size, isCutOff: status.hasBlock, hasDetail: hasDetail, hasTour: tour != nil)
  }
}

extension ConsoleState {
  /// Where things are on the shown screen.
  var layout: Layout { context.layout(hasDetail: type(of: shownScreen).hasDetail) }
}

extension Provenance {
  /// The role of the words that say where a figure comes from.
  var role: Role {
    switch self {
    case .live, .snapshot: .dim
    case .estimated: .estimated
    }
  }

  /// In a column of four.
  var shortWord: String {
    switch self {
    case .live: "live"
    case .snapshot: "snap"
    case .estimated: "est."
    }
  }
}

extension AccountStatus {
  var role: Role {
    switch self {
    case .open: .text
    case .frozen, .closed: .danger
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
