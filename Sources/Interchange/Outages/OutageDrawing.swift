import BankCore

/// The timeline of an outage, drawn to scale as SVG: numbered events, the three phases, when
/// entries were captured, and the clock. The table below it explains the numbers.
struct OutageDrawing {
  private static let width = 960.0
  private static let left = 16.0
  private static let right = 944.0

  private let report: OutageReport
  private let words: Wording
  private let start: Instant
  private let end: Instant

  init(_ report: OutageReport, _ words: Wording) {
    self.report = report
    self.words = words
    let moments = report.timeline.map(\.at)
    let failed = report.began
    let last = moments.max() ?? Instant(millisecondsSince1970: 0)
    let first = failed ?? moments.min() ?? last
    let length = max(1_000, last.milliseconds(since: first))
    // A change days before would leave no room for the outage: it stands at the edge instead.
    let earliest = first.advanced(byMilliseconds: -length / 4)
    let margin = length / 40
    start = max(earliest, min(moments.min() ?? first, first)).advanced(byMilliseconds: -margin)
    end = max(last, first.advanced(byMilliseconds: length)).advanced(byMilliseconds: margin)
  }

  /// `<figure>` with the drawing; nothing where nothing happened.
  var figure: String {
    guard !report.timeline.isEmpty else { return "" }
    let badges = placedBadges
    let rows = (badges.map(\.row).max() ?? 0) + 1
    let bar = 14 + Double(rows) * 26
    let parts =
      [patterns, axis(below: bar + 84)] + badges.map { leader($0, to: bar) } + phases(at: bar)
      + entries(at: bar + 40) + badges.map(badge) + [legend(at: bar + 128)]
    return """
      <figure>
      <svg viewBox="0 0 \(Int(Self.width)) \(Int(bar) + 142)" role="img" aria-labelledby="drawing">
      <title id="drawing">\(OutageHTML.escaped(description))</title>
      \(parts.joined(separator: "\n"))
      </svg>
      </figure>
      """
  }

  private var description: String {
    "Timeline of outage \(report.id) from \(words.moment(start)) to \(words.moment(end)); "
      + "the table below lists its events."
  }

  // MARK: Places

  private func x(_ instant: Instant) -> Double {
    let span = Double(max(1, end.milliseconds(since: start)))
    let share = Double(instant.milliseconds(since: start)) / span
    return Self.left + max(0, min(1, share)) * (Self.right - Self.left)
  }

  private struct Badge {
    let number: Int
    let x: Double
    /// From the bar upwards, 0 the nearest.
    let row: Int
    let y: Double
  }

  /// Events in the lowest row where they do not touch the one before.
  private var placedBadges: [Badge] {
    var ends: [Double] = []
    var places: [(number: Int, x: Double, row: Int)] = []
    for (index, event) in report.timeline.enumerated() {
      let x = max(Self.left + 11, min(Self.right - 11, x(event.at)))
      let row = ends.firstIndex { $0 + 25 <= x } ?? ends.count
      if row < ends.count { ends[row] = x } else { ends.append(x) }
      places.append((index + 1, x, row))
    }
    return places.map { place in
      Badge(
        number: place.number, x: place.x, row: place.row,
        y: 14 + Double(ends.count - 1 - place.row) * 26)
    }
  }

  // MARK: Parts

  private let patterns = """
    <defs>
    <pattern id="stripes" width="6" height="6" patternUnits="userSpaceOnUse" \
    patternTransform="rotate(45)"><line class="stripe" x1="0" y1="0" x2="0" y2="6" \
    stroke-width="3"/></pattern>
    <pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">\
    <circle class="dot" cx="3" cy="3" r="1.2"/></pattern>
    </defs>
    """

  private func leader(_ badge: Badge, to bar: Double) -> String {
    "<line class=\"lead\" x1=\"\(figure(badge.x))\" y1=\"\(figure(badge.y))\" "
      + "x2=\"\(figure(badge.x))\" y2=\"\(figure(bar))\"/>"
  }

  private func badge(_ badge: Badge) -> String {
    "<circle class=\"badge\" cx=\"\(figure(badge.x))\" cy=\"\(figure(badge.y))\" r=\"10.5\"/>"
      + "<text class=\"number\" x=\"\(figure(badge.x))\" y=\"\(figure(badge.y + 4.3))\">"
      + "\(badge.number)</text>"
  }

  private struct Phase {
    let style: String
    let name: String
    let from: Instant?
    let to: Instant?
    let span: Int64?
  }

  private var allPhases: [Phase] {
    let times = report.times
    return [
      Phase(
        style: "late", name: "not yet noticed", from: times.firstFailure, to: times.detected,
        span: report.toDetect),
      Phase(
        style: "away", name: "bank away", from: times.detected,
        to: times.online ?? (report.isOver ? nil : end), span: report.toRecover),
      Phase(
        style: "back", name: "reconciling", from: report.entries > 0 ? times.online : nil,
        to: times.reconciled ?? (report.waiting > 0 ? end : nil), span: report.toReconcile),
    ]
  }

  private func phases(at y: Double) -> [String] {
    allPhases.compactMap { phase in
      guard let from = phase.from, let to = phase.to, to >= from else { return nil }
      let (first, last) = (x(from), x(to))
      let width = max(2, last - first)
      let bar =
        "<rect class=\"\(phase.style)\" x=\"\(figure(first))\" y=\"\(figure(y))\" "
        + "width=\"\(figure(width))\" height=\"26\"/>"
      let label = phase.span.map { "\(phase.name) \(words.span($0))" } ?? "\(phase.name), not over"
      // On a pattern no text can be read; there the legend alone says it.
      guard phase.style == "away", width > Double(label.count) * 8 + 16 else { return bar }
      return bar
        + "<text class=\"on\" x=\"\(figure(first + 10))\" y=\"\(figure(y + 17.5))\">"
        + "\(OutageHTML.escaped(label))</text>"
    }
  }

  /// How many entries were captured when: a bar for each eight points of the width.
  private func entries(at y: Double) -> [String] {
    guard !report.captures.isEmpty else { return [] }
    let step = 8.0
    var counts: [Int: Int] = [:]
    for capture in report.captures { counts[Int((x(capture) - Self.left) / step), default: 0] += 1 }
    let greatest = Double(counts.values.max() ?? 1)
    return counts.sorted { $0.key < $1.key }.map { bin, count in
      let height = max(4, Double(count) / greatest * 34)
      return "<rect class=\"entry\" x=\"\(figure(Self.left + Double(bin) * step + 1))\" "
        + "y=\"\(figure(y + 36 - height))\" width=\"\(figure(step - 2))\" "
        + "height=\"\(figure(height))\"/>"
    }
  }

  private func axis(below y: Double) -> String {
    let line =
      "<line class=\"rule\" x1=\"\(figure(Self.left))\" y1=\"\(figure(y - 6))\" "
      + "x2=\"\(figure(Self.right))\" y2=\"\(figure(y - 6))\"/>"
    let step = OutageClock.step(for: end.milliseconds(since: start))
    // A mark at the very edge would have half a label.
    let instants = OutageClock.ticks(from: start, to: end, step: step, words)
      .filter { x($0) > Self.left + 36 && x($0) < Self.right - 36 }
    let ticks = instants.map { instant in
      "<line class=\"rule\" x1=\"\(figure(x(instant)))\" y1=\"\(figure(y - 6))\" "
        + "x2=\"\(figure(x(instant)))\" y2=\"\(figure(y))\"/>"
        + "<text class=\"soft\" text-anchor=\"middle\" x=\"\(figure(x(instant)))\" "
        + "y=\"\(figure(y + 13))\">\(OutageClock.label(instant, step: step, words))</text>"
    }
    return ([line] + ticks).joined(separator: "\n")
  }

  private func legend(at y: Double) -> String {
    var x = Self.left
    var parts: [String] = []
    func add(_ style: String, _ text: String) {
      parts.append(
        "<rect class=\"\(style)\" x=\"\(figure(x))\" y=\"\(figure(y - 10))\" width=\"18\" "
          + "height=\"11\"/><text class=\"soft\" x=\"\(figure(x + 25))\" y=\"\(figure(y))\">"
          + "\(OutageHTML.escaped(text))</text>")
      x += 60 + Double(text.count) * 6.7
    }
    for phase in allPhases where phase.from != nil {
      let span = phase.span.map(words.span) ?? (phase.to == nil ? "not known" : "not over")
      add(phase.style, "\(phase.name), \(span)")
    }
    add("entry", "entries captured, \(report.entries)")
    return parts.joined(separator: "\n")
  }

  /// A coordinate to a tenth of a point, whatever the locale.
  private func figure(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
