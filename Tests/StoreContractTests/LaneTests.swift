import Glibc
import Testing

@testable import SQLiteStore

@Suite("The threads of the embedded database")
struct LaneTests {
  private func outcome<Value: Sendable>(
    on lane: any Lane, _ work: @escaping @Sendable () -> Value
  ) async -> Value {
    await withCheckedContinuation { continuation in
      lane.add { continuation.resume(returning: work()) }
    }
  }

  /// That of the calling thread.
  private static func priority() -> Int32 { getpriority(Int32(PRIO_PROCESS.rawValue), 0) }

  @Test("Copying gives way to what people wait for")
  func priorities() async {
    let ours = Self.priority()
    let prompt = await outcome(on: PromptLane()) { Self.priority() }
    let patient = await outcome(on: PatientLane()) { Self.priority() }
    #expect(prompt == ours)
    #expect(patient > prompt)
  }

  @Test("Pieces of work are done in their order, the last ones too", arguments: [true, false])
  func order(_ isPatient: Bool) async {
    let done = AsyncStream<Int>.makeStream()
    do {
      let lane: any Lane = isPatient ? PatientLane() : PromptLane()
      for number in 0..<100 { lane.add { done.continuation.yield(number) } }
      lane.add { done.continuation.finish() }
    }
    var numbers: [Int] = []
    for await number in done.stream { numbers.append(number) }
    #expect(numbers == Array(0..<100))
  }
}
