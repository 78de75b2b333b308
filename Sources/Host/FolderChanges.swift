/// Changes in some folders, to be waited for one after the other.
public struct FolderChanges {
  private let watch: FolderWatch
  private let input: AsyncStream<Void>.Continuation
  private var changes: AsyncStream<Void>.Iterator

  /// Whether the system tells of changes in all of them.
  public var areTold: Bool { watch.isComplete }

  /// Counts from now: a change before the first wait is not missed.
  public init(of folders: [String]) {
    let (stream, input) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.input = input
    changes = stream.makeAsyncIterator()
    watch = FolderWatch(folders) { input.yield() }
  }

  /// Waits for a change, or until the time is over or the task is cancelled.
  public mutating func next(withinMilliseconds milliseconds: Int) async {
    let alarm = Task { [input] in
      try? await Task.sleep(for: .milliseconds(milliseconds))
      if !Task.isCancelled { input.yield() }
    }
    _ = await changes.next()
    alarm.cancel()
  }
}
