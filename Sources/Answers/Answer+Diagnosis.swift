import BankCore
import Screen

extension Answer {
  /// The layers of each host; those of the host that decides stand at the top of the JSON.
  public static func diagnosis(_ report: ConnectionReport) -> Answer {
    Answer(DiagnosisAnswer(report: report))
  }

  /// What an outage's report keeps of the doctor's answer: the answer, which outage and cause it was
  /// asked about, and when.
  public static func evidence(
    _ report: ConnectionReport, of outage: OutageID, for layer: Layer, at moment: Instant
  ) -> String {
    diagnosis(report).json.adding([
      "outage": JSON(outage), "asked_for": .text(layer.code), "at": JSON(moment),
    ]).document
  }
}

private struct DiagnosisAnswer: AnswerParts {
  let report: ConnectionReport

  var ending: CommandStatus { CommandStatus(report) }

  var json: JSON {
    [
      "healthy": .bool(report.isHealthy),
      "place": JSON(report.decisive?.place),
      "layers": JSON((report.decisive?.layers ?? []).map { JSON($0) }),
      "hosts": JSON(
        report.hosts.map { host -> JSON in
          [
            "place": .text(host.place), "healthy": .bool(host.isHealthy),
            "layers": JSON(host.layers.map { JSON($0) }),
          ]
        }),
    ]
  }

  var text: String { report.hosts.map(lines).joined(separator: "\n\n") }

  private func lines(_ host: HostReport) -> String {
    var table = PrintedTable(
      ("Layer", .leading), ("", .leading), ("Result", .leading), ("ms", .trailing),
      ("Observed", .leading))
    for layer in host.layers {
      let wasLookedAt = layer.result != .notReached && layer.result != .notApplicable
      table.add(
        layer.code, layer.name, layer.result.words,
        wasLookedAt ? "\(Int64(layer.milliseconds.rounded()))" : "", layer.observed)
    }
    let findings = host.layers.filter { $0.fault != nil }.map(finding)
    let verdict = host.isHealthy ? "\nhealthy: \(host.place)" : ""
    return harmless(
      ([host.place, table.text(orElse: "")] + findings).joined(separator: "\n") + verdict)
  }

  /// A failure or a warning, in full.
  private func finding(_ layer: LayerReport) -> String {
    var facts = Facts()
    facts.add(layer.result == .fail ? "Fault" : "Warning", "\(layer.code) \(layer.name)")
    facts.add("Observed", layer.observed)
    facts.add("SQLSTATE", layer.sqlState)
    facts.add("Cause", layer.cause)
    facts.add("Fix", layer.fix)
    facts.add("Often taken for", layer.mistakenFor)
    facts.add("Ruled out", lines: layer.ruledOut)
    return "\n" + facts.text
  }
}

extension JSON {
  init(_ layer: LayerReport) {
    self = [
      "code": .text(layer.code), "name": .text(layer.name),
      "result": .text(layer.result.rawValue),
      "milliseconds": .number(Int64(layer.milliseconds.rounded())),
      "observed": .text(layer.observed), "cause": JSON(layer.cause), "fix": JSON(layer.fix),
      "mistaken_for": JSON(layer.mistakenFor), "fault": JSON(layer.fault?.name),
      "sqlstate": JSON(layer.sqlState), "ruled_out": JSON(layer.ruledOut.map { .text($0) }),
    ]
  }
}

/// The report as deployment pipelines read it: a suite for each host, a case for each layer.
public struct JUnitReport: Sendable {
  private let report: ConnectionReport

  public init(_ report: ConnectionReport) { self.report = report }

  public var text: String {
    let suites = report.hosts.map(suite).joined()
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n\(suites)</testsuites>\n"
  }

  private func suite(_ host: HostReport) -> String {
    func count(_ results: Set<LayerReport.Result>) -> Int {
      host.layers.count { results.contains($0.result) }
    }
    let time = host.layers.map(\.milliseconds).reduce(0, +)
    return "  <testsuite name=\"\(escaped("daybook doctor \(host.place)"))\" "
      + "tests=\"\(host.layers.count)\" failures=\"\(count([.fail]))\" "
      + "errors=\"\(count([.couldNotTest]))\" "
      + "skipped=\"\(count([.notReached, .notApplicable]))\" time=\"\(seconds(time))\">\n"
      + host.layers.map { testCase($0, host) }.joined() + "  </testsuite>\n"
  }

  private func testCase(_ layer: LayerReport, _ host: HostReport) -> String {
    let name = escaped("\(layer.code) \(layer.name)")
    let head =
      "    <testcase classname=\"\(escaped(host.place))\" name=\"\(name)\" "
      + "time=\"\(seconds(layer.milliseconds))\""
    let facts = [layer.observed, layer.cause, layer.fix.map { "Fix: \($0)" }].compactMap { $0 }
    let text = escaped(facts.filter { !$0.isEmpty }.joined(separator: "\n"))
    let message = escaped(layer.observed)
    switch layer.result {
    case .pass: return "\(head)/>\n"
    case .warn: return "\(head)>\n      <system-out>\(text)</system-out>\n    </testcase>\n"
    case .fail:
      return "\(head)>\n      <failure type=\"\(layer.code)\" message=\"\(message)\">\(text)"
        + "</failure>\n    </testcase>\n"
    case .couldNotTest:
      return "\(head)>\n      <error message=\"\(message)\"/>\n    </testcase>\n"
    case .notReached, .notApplicable:
      return "\(head)>\n      <skipped message=\"\(message)\"/>\n    </testcase>\n"
    }
  }

  private func seconds(_ milliseconds: Double) -> String {
    let whole = Int64(milliseconds.rounded())
    let thousandths = String(whole % 1000 + 1000).dropFirst()
    return "\(whole / 1000).\(thousandths)"
  }

  /// The lines of a text stay lines.
  private func escaped(_ text: String) -> String { escapedMarkup(harmless(text)) }
}
