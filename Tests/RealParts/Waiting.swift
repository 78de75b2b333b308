/// Asks again and again until the answer is yes. For what another process does and cannot
/// announce; within one process a test waits for the thing itself.
///
/// - Parameters:
///   - what: what is waited for, as it shall stand in the message of a failure.
///   - explanation: asked once when time is up: what was seen instead.
/// - Throws: `RealPartFault` when the limit has passed, or whatever the question throws.
public func eventually(
  _ what: String, within limit: Duration = .seconds(60), every pause: Duration = .milliseconds(5),
  explanation: () async -> String = { "" }, _ question: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !question() {
    guard ContinuousClock.now < deadline else {
      throw RealPartFault("not within \(limit): \(what)\n\(await explanation())")
    }
    try await Task.sleep(for: pause)
  }
}

/// Lets a fault, or the time before the next one, last so long: for a test that makes its weather by
/// chance, and hopes for nothing at the end of it.
public func last(_ duration: Duration) async {
  try? await Task.sleep(for: duration)
}
