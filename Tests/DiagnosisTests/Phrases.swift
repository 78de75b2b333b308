/// What the doctor rules out, in the words that several tests look for.
enum Phrases {
  static let notTheNetwork = "not the network"
  static let notOverload = "not overload"
  static let notLostData = "not lost data"
}
