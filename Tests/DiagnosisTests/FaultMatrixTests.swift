import BankCore
import Foundation
import Testing

/// Which test causes which fault, with real things: every one of the catalogue, and whoever adds
/// one to it adds the test that causes it.
private struct Case {
  let kind: FaultKind
  /// A suite's file, and the function in it.
  let file: String
  let test: String

  init(_ kind: FaultKind, _ file: String, _ test: String) {
    (self.kind, self.file, self.test) = (kind, file, test)
  }
}

private let matrix: [Case] = [
  Case(.addressUnreadable, "WayThereTests", "unreadable"),
  Case(.nothingConfigured, "DoctorTests", "nothingConfigured"),
  Case(.serviceMissing, "DoctorTests", "services"),
  Case(.valueFromElsewhere, "DoctorTests", "origins"),
  Case(.valueUnusable, "OriginTests", "unusable"),
  Case(.valueNotWritten, "DoctorTests", "origins"),
  Case(.passwordMissing, "LoginTests", "refusals"),
  Case(.passwordFileMissing, "OriginTests", "passwords"),
  Case(.passwordFileIgnored, "DoctorTests", "passwordFile"),
  Case(.passwordFileHasNoEntry, "DoctorTests", "passwordFile"),
  Case(.unknownName, "WayThereTests", "unknownName"),
  Case(.nameServerSilent, "DoctorNetworkTests", "silentNameServer"),
  Case(.nothingListens, "WayThereTests", "nothingListens"),
  Case(.socketMissing, "WayThereTests", "socketMissing"),
  Case(.noAnswer, "DoctorNetworkTests", "blackHole"),
  Case(.noRoute, "DoctorNetworkTests", "noNetwork"),
  Case(.noNetwork, "DoctorNetworkTests", "noNetwork"),
  Case(.forbiddenHere, "DoctorNetworkTests", "forbidden"),
  Case(.closedAtOnce, "WayThereTests", "closesAtOnce"),
  Case(.connectionLost, "StrainTests", "connectionLost"),
  Case(.fileUnreadable, "DoctorFileTests", "unreadable"),
  Case(.fileLinkBroken, "DoctorFileTests", "wrongFiles"),
  Case(.fileNotOrdinary, "DoctorFileTests", "wrongFiles"),
  Case(.otherService, "WayThereTests", "anotherService"),
  Case(.silentService, "WayThereTests", "silentService"),
  Case(.silentAhead, "WaysTests", "silentHostAhead"),
  Case(.notSQLite, "DoctorFileTests", "wrongFiles"),
  Case(.noEncryption, "LoginTests", "refusals"),
  Case(.authorityFileMissing, "LoginTests", "certificates"),
  Case(.certificateForOtherName, "LoginTests", "certificates"),
  Case(.certificateExpired, "LoginTests", "certificates"),
  Case(.certificateNotTrusted, "LoginTests", "certificates"),
  Case(.clientCertificateUnusable, "ClientCertificateTests", "files"),
  Case(.encryptionDemanded, "PoolerLoginTests", "rules"),
  Case(.encryptionFailed, "LoginTests", "certificates"),
  Case(.serverNotReady, "LoginTests", "shuttingDown"),
  Case(.standbyClosed, "LoginTests", "closedStandby"),
  Case(.outOfMemory, "StrainTests", "outOfMemory"),
  Case(.loginUnanswered, "StrainTests", "loginUnanswered"),
  Case(.noFreeSlot, "LoginTests", "slots"),
  Case(.roleLimit, "LoginTests", "refusals"),
  Case(.fewSessions, "CommitTests", "room"),
  Case(.noAccessRule, "LoginTests", "refusals"),
  Case(.loginRefused, "LoginTests", "refusals"),
  Case(.loginNotAllowed, "LoginTests", "refusals"),
  Case(.clientCertificateDemanded, "ClientCertificateTests", "demands"),
  Case(.channelBindingImpossible, "ClientCertificateTests", "demands"),
  Case(.databaseMissing, "LoginTests", "refusals"),
  Case(.databaseForbidden, "LoginTests", "refusals"),
  Case(.databaseClosed, "LoginTests", "closedDatabase"),
  Case(.loginTrigger, "LoginTests", "loginTrigger"),
  Case(.fileMissing, "DoctorFileTests", "wrongFiles"),
  Case(.unknownSetting, "LoginTests", "refusals"),
  Case(.wrongEncoding, "LoginTests", "wrongEncoding"),
  Case(.anotherBank, "InsideTests", "anotherBank"),
  Case(.olderDatabase, "InsideTests", "olderCopy"),
  Case(.otherProgramsFile, "DoctorFileTests", "wrongFiles"),
  Case(.schemaMissing, "InsideTests", "schemas"),
  Case(.bankMissing, "InsideTests", "schemas"),
  Case(.schemaOlder, "InsideTests", "schemas"),
  Case(.schemaNewer, "InsideTests", "schemas"),
  Case(.schemaUnreadable, "InsideTests", "unreadableSchema"),
  Case(.fileDamaged, "DoctorFileTests", "damaged"),
  Case(.integrityUnchecked, "DoctorFileTests", "unchecked"),
  Case(.rightsMissing, "InsideTests", "rights"),
  Case(.rowsHidden, "SweepTests", "rowSecurity"),
  Case(.standby, "InsideTests", "readOnly"),
  Case(.readOnlySessions, "InsideTests", "readOnly"),
  Case(.wrongKindOfServer, "InsideTests", "readOnly"),
  Case(.readOnlyFile, "DoctorFileTests", "readOnly"),
  Case(.readBlocked, "InsideTests", "locks"),
  Case(.readSlow, "StrainTests", "readSlow"),
  Case(.writeBlocked, "InsideTests", "locks"),
  Case(.writeSlow, "StrainTests", "writeSlow"),
  Case(.writeRejected, "InsideTests", "rejected"),
  Case(.standbyMissing, "CommitTests", "standby"),
  Case(.numbersUsedUp, "CommitTests", "numbersUsedUp"),
  Case(.commitsNotDurable, "CommitTests", "durability"),
  Case(.fullDisk, "InsideTests", "diskFull"),
  Case(.slow, "InsideTests", "slow"),
  Case(.clockSkew, "DoctorTests", "clock"),
  Case(.poolerWithoutServer, "InsideTests", "pooler"),
  Case(.poolerLoginRefused, "PoolerLoginTests", "refusals"),
  Case(.poolerPerTransaction, "InsideTests", "poolerPerTransaction"),
  Case(.poolerUnclean, "PoolerStateTests", "unclean"),
]

@Suite("The matrix of faults")
struct FaultMatrixTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// What the catalogue calls a fault in Swift, by its name for programs.
  private func words() throws -> [String: String] {
    let sources = try ["Address", "Server"].map {
      try text("Sources/BankCore/Connection/FaultKind+\($0).swift")
    }.joined()
    let declaration = #/static let (?<word>\w+) = FaultKind\(\s*"(?<name>[a-z-]+)"/#
    return Dictionary(
      uniqueKeysWithValues: sources.matches(of: declaration).map {
        (String($0.name), String($0.word))
      })
  }

  /// A test function from its name to the next test.
  private func body(of test: String, in file: String) throws -> Substring {
    let folder =
      file.hasPrefix("Doctor") || file == "OriginTests" ? "EndToEndTests" : "DiagnosisTests"
    let source = try text("Tests/\(folder)/\(file).swift")
    let start = try #require(
      source.range(of: "func \(test)("), "\(file) has no test called \(test)")
    let rest = source[start.lowerBound...]
    return rest.range(of: "@Test(").map { rest[..<$0.lowerBound] } ?? rest
  }

  @Test("Every fault of the catalogue is caused by a test which expects it by name")
  func whole() throws {
    #expect(matrix.map(\.kind) == FaultKind.all)
    let words = try words()
    for entry in matrix {
      let word = try #require(words[entry.kind.name], "\(entry.kind.name) is not declared")
      let body = try body(of: entry.test, in: entry.file)
      let isExpected = body.contains(".\(word)") || body.contains("\"\(entry.kind.name)\"")
      #expect(isExpected, "\(entry.file).\(entry.test) does not expect \(entry.kind.name)")
    }
  }

  @Test("Every layer, C01 to C23, has a fault that is caused")
  func layers() {
    let caused = Set(matrix.map(\.kind.layer))
    #expect(Layer.allCases.allSatisfy { caused.contains($0) })
  }
}
