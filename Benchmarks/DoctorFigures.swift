import RealParts

/// What a deployment waits for.
let doctorFigures: [Figure] = [
  Figure(
    name: "doctor-healthy", title: "daybook doctor on a healthy local server, whole command, p50",
    bound: .atMost(150, "ms"), measure: DoctorHealthy.measure)
]

enum DoctorHealthy {
  static func measure() async throws -> Measurement {
    let cluster = try await LargeBank.startServer()
    let till = try await LargeBank.make(accounts: 1_000, on: cluster).till()
    var times: [Duration] = []
    for _ in 0..<31 {
      times.append(
        try await timed {
          let answer = try await till.run("doctor")
          guard answer.status == 0 else { throw RealPartFault("\(answer)") }
        })
    }
    let layers = try await till.run("doctor", "--json").json()["layers"].list ?? []
    let inside = layers.compactMap { $0["milliseconds"].int }.reduce(0, +)
    await till.close()
    await cluster.destroy()
    let samples = Samples(times)
    return Measurement(
      value: samples.median.milliseconds,
      details: [
        "p90 \(decimal(samples.percentile(0.9).milliseconds)) ms, \(samples.count) runs",
        "\(inside) ms of one run are in its layers",
      ])
  }
}
