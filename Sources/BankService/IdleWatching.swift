/// A store that notices a lost connection while nobody is asking it anything.
public protocol IdleWatching: AnyObject, Sendable {
  /// What was observed, each time a quiet connection is lost; a close is seen within
  /// milliseconds. Each reader gets a stream of its own, from now on.
  var lost: AsyncStream<StoreFault> { get }
}
