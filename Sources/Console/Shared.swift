/// Keeps a large value beside its owner. Copies of the owner share it until one of them changes it.
///
/// Each view holds what it draws, so that the console is copied dozens of times for a frame. Of a value
/// kept here such a copy is one reference, and not hundreds of them.
@propertyWrapper
struct Shared<Value: Sendable>: Sendable {
  // Only an owner that is alone with it changes it, which makes it a value for all of them.
  private final class Place: @unchecked Sendable {
    var value: Value

    init(_ value: Value) { self.value = value }
  }

  private var place: Place

  init(wrappedValue: Value) { place = Place(wrappedValue) }

  var wrappedValue: Value {
    get { place.value }
    _modify {
      if !isKnownUniquelyReferenced(&place) { place = Place(place.value) }
      yield &place.value
    }
  }
}
