import BankCore
import Testing

@Suite("The catalogue of faults")
struct CatalogueTests {
  @Test("Every layer has a name and at least one fault, and every fault says all that it should")
  func complete() {
    #expect(Layer.allCases.count == 23)
    #expect(Layer.allCases.map(\.code) == Layer.allCases.map(\.code).sorted())
    for layer in Layer.allCases {
      #expect(FaultKind.all.contains { $0.layer == layer }, "\(layer.code) has no fault")
    }
    for kind in FaultKind.all {
      for sentence in [kind.cause, kind.fix] {
        #expect(sentence.count > 15, "\(kind.name)")
        #expect(sentence.first?.isUppercase == true || sentence.first == "c", "\(kind.name)")
      }
      #expect(!kind.mistakenFor.isEmpty && kind.mistakenFor.last != ".", "\(kind.name)")
    }
    #expect(Set(FaultKind.all.map(\.name)).count == FaultKind.all.count)
    #expect(FaultKind.all.map(\.layer) == FaultKind.all.map(\.layer).sorted())
  }
}
