import BankCore
import Screen

/// Draws screen 6.
struct ConnectionView {
  let screen: ConnectionScreen
  let context: Context

  var status: ServiceStatus { context.status }
  var words: Wording { context.words }
  var now: Instant { context.now }

  func draw(on frame: inout Frame, in area: Area) {
    let head = context.layout(of: ConnectionScreen.self).head
    let rest = paintStanding(on: &frame, in: area)
    guard let examination = screen.examination, !screen.showsFacts else {
      frame.write("Connection", right: status.endpoint, in: head, role: .heading, rightRole: .dim)
      let facts = Area(
        column: 3, row: rest.row, columns: min(area.columns - 6, 96), rows: rest.rows)
      return paintConnectionFacts(on: &frame, in: facts)
    }
    let verdict = verdict(examination)
    frame.write(verdict.text, right: "tab facts", in: head, role: verdict.role, rightRole: .dim)
    let (list, details) = parts(of: rest)
    layerTable(in: list).draw(
      screen.list, on: &frame, hasFocus: context.screenHasFocus,
      emptyText: "Beginning…", row: layerEntries)
    screen.list.selectedElement.map { paintDetails($0, on: &frame, in: details) }
  }

  // MARK: Mode, suspect and way back

  /// - Returns: what is left of the area.
  private func paintStanding(on frame: inout Frame, in area: Area) -> Area {
    let text = Area(
      column: 3, row: area.row, columns: min(area.columns - 6, 116), rows: area.rows)
    var used = 0
    // The block of an outage says it above the layers.
    if !status.hasBlock || screen.examination == nil || screen.showsFacts {
      let mode = frame.write(
        " \(status.banner) ", at: text.position(-1, used), role: status.modeRole)
      frame.write(modeInWords, in: text.below(used).right(mode + 1))
      used += 1
    }
    for (sentence, role) in standing {
      used += frame.writeParagraph(sentence, in: text.below(used), role: role)
    }
    if screen.examination == nil || screen.showsFacts { used += 1 }
    return area.below(used)
  }

  var standing: [(String, Role)] {
    if let suspect = screen.suspect {
      return [
        (suspicionInWords(suspect), .danger),
        (
          suspect.isInForce
            ? "Press b to take over generation \(suspect.generation), if it commits."
            : "Press b to go back to generation \(suspect.generation) (online for "
              + "\(words.span(suspect.healthySeconds * 1000))), if it commits.",
          .text
        ),
      ]
    }
    return screen.wayBack.map {
      [("\(words.moment($0.at, now: now)): \($0.text)", .success)]
    } ?? []
  }

  private func suspicionInWords(_ suspect: ConfigurationSuspect) -> String {
    let what = suspect.differences.joined(separator: ", ")
    let who = suspect.changedBy.map { " by \($0)" } ?? ""
    let when = "\(suspect.manner)\(who) \(words.moment(suspect.changedAt, now: now))"
    guard !suspect.isInForce else {
      return "Changed since this console opened: \(what), \(when)."
    }
    let distance = status.cause.map { $0.since.milliseconds(since: suspect.changedAt) } ?? 0
    let before = distance > 0 ? ", \(words.span(distance)) before the first failure" : ""
    return "First suspect: \(what), \(when)\(before)."
  }

  // MARK: The layers

  /// The list gets what the words on the selected layer leave, and at least three layers.
  private func parts(of area: Area) -> (list: Area, details: Area) {
    let wanted = screen.list.selectedElement.map { detailRows($0, columns: area.columns) } ?? 0
    let list = min(screen.list.elements.count + 1, max(4, area.rows - wanted - 1))
    let details = area.below(list + (wanted + list < area.rows ? 1 : 0))
    return (
      area.top(list),
      Area(column: 3, row: details.row, columns: area.columns - 5, rows: details.rows)
    )
  }

  /// Rows that the list has on the screen, for moving by pages.
  var examinedRows: Int {
    ListTable.visibleRows(
      in: parts(of: context.layout(of: ConnectionScreen.self).body.below(3)).list)
  }

  private func layerTable(in area: Area) -> ListTable {
    ListTable(
      [
        .init(title: "Layer", width: .fixed(7)),
        .init(title: "", width: .fixed(20)),
        .init(title: "Result", width: .fixed(14)),
        .init(title: "ms", width: .fixed(7), alignment: .trailing),
        .init(
          title: "Observed", width: .flexible(minimum: 30, share: 1), appearsAt: 100),
      ], in: area)
  }

  private func layerEntries(_ row: LayerRow) -> [ListTable.Entry] {
    let layer = row.report
    let wasLookedAt = layer.result != .notReached && layer.result != .notApplicable
    let isOneOfMany = (screen.examination?.report.hosts.count ?? 1) > 1
    let observed = isOneOfMany ? "\(row.place): \(layer.observed)" : layer.observed
    return [
      .init(row.through.map { "\(layer.code)-\($0.code.dropFirst())" } ?? layer.code),
      .init(row.through == nil ? layer.name : ""),
      row.isBeingLookedAt
        ? .init("looking…", .dim) : .init(layer.result.words, layer.result.role),
      .init(wasLookedAt ? tenths(layer.milliseconds) : ""),
      .init(layer.result == .notReached ? "" : observed, .dim),
    ]
  }

  func verdict(_ examination: DoctorRun) -> (text: String, role: Role) {
    let began = "Examined \(words.moment(examination.beganAt, now: now))"
    guard examination.isOver else { return ("Being examined: at most 10 s.", .dim) }
    guard let host = examination.report.decisive else { return (began, .dim) }
    if host.isHealthy {
      let warnings = host.layers.count { $0.result == .warn }
      guard warnings > 0 else { return ("\(began): healthy, \(host.place)", .success) }
      return ("\(began): healthy with \(warnings) to look at, \(host.place)", .warning)
    }
    guard let failure = host.diagnosis else {
      return ("\(began): something could not be tested, \(host.place)", .warning)
    }
    // The layer is where it stopped; what is wrong there is the cause, where the service knows it.
    let failed = CauseCode.layer(failure.layer)
    let code = status.cause.map(\.code) ?? failed
    let isSameLayer = code == .databaseForgot || code == .terminalCloned
    let what = failed == .wrongBank && isSameLayer ? code : failed
    return ("\(began): \(what.failed)", .danger)
  }

  // MARK: The selected layer

  private static let labelColumns = 16

  func details(_ row: LayerRow) -> [(label: String, text: String, role: Role)] {
    let layer = row.report
    guard layer.result != .notReached else { return [] }
    let state = layer.sqlState.map { " (SQLSTATE \($0))" } ?? ""
    let isOneOfMany = (screen.examination?.report.hosts.count ?? 1) > 1
    let place = isOneOfMany ? "\(row.place): " : ""
    var details: [(label: String, text: String, role: Role)] = [
      ("Observed", place + layer.observed + state, .text)
    ]
    if let cause = layer.cause { details.append(("Cause", cause, layer.result.role)) }
    if let fix = layer.fix { details.append(("Fix", fix, .text)) }
    if let other = layer.mistakenFor { details.append(("Often taken for", other, .text)) }
    for (index, proof) in layer.ruledOut.enumerated() {
      details.append((index == 0 ? "Ruled out" : "", proof, .text))
    }
    return details
  }

  private func detailRows(_ row: LayerRow, columns: Int) -> Int {
    details(row).map { max(1, wrapped($0.text, columns: columns - 5 - Self.labelColumns).count) }
      .reduce(0, +)
  }

  private func paintDetails(_ row: LayerRow, on frame: inout Frame, in area: Area) {
    var area = area
    for detail in details(row) where area.rows > 0 {
      frame.write(detail.label, in: area.left(Self.labelColumns), role: .label)
      area = area.below(
        max(
          1,
          frame.writeParagraph(
            detail.text, in: area.right(Self.labelColumns), role: detail.role)))
    }
  }
}

extension LayerReport.Result {
  var role: Role {
    switch self {
    case .pass: .success
    case .fail: .danger
    case .warn, .couldNotTest: .warning
    case .notReached, .notApplicable: .dim
    }
  }
}
