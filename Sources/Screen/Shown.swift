/// What a terminal shows of a state: a frame on a full screen, a speech line by line.
public protocol Shown: Equatable, Sendable {
  /// How often the bell rings with it.
  var bells: Int { get set }
}

extension Frame: Shown {}
extension Speech: Shown {}
