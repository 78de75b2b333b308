import Foundation
import RealParts
import Testing

extension EndToEnd {
  @Suite("What is no ordinary file is named, never waited for")
  struct OddFilesTests {
    /// What can stand in the place of a file.
    enum Kind: CaseIterable {
      case pipe, folder, device, socket, sparse, loop, linkToPipe

      /// - Returns: what the message must say of it.
      func put(at path: String) async throws -> String {
        switch self {
        case .pipe:
          try await Command.succeed(["mkfifo", path])
          return "named pipe"
        case .folder:
          try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
          return "folder"
        case .device:
          try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/dev/zero")
          return "device"
        case .socket:
          let make = "socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un(shift)) or die"
          try await Command.succeed(["perl", "-MSocket", "-e", make, path])
          return "socket"
        case .sparse:
          try await Command.succeed(["truncate", "-s", "4G", path])
          return "hole"
        case .loop:
          try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
          return "symbolic links"
        case .linkToPipe:
          try await Command.succeed(["mkfifo", path + ".pipe"])
          try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: path + ".pipe")
          return "named pipe"
        }
      }
    }

    /// Where a file is named, by an argument or a variable.
    struct Place: CustomTestStringConvertible, Sendable {
      let testDescription: String
      /// The words of the command; `FILE` stands for the odd file.
      let words: [String]
      var variables: [String: String] = [:]
      /// The odd file, below the home.
      var file = "odd"
      /// A library opens it by itself; what ends at once does no harm there.
      var isOfLibrary: Bool {
        ["OPENSSL_CONF", "SSL_CERT_FILE", "KRB5_CONFIG", "HOSTALIASES"].contains {
          variables[$0] != nil
        }
      }
    }

    static let rules = """
      import: transactions
      namespace: test
      lookups:
        more: { file: odd, key: id, match: "{id}" }
      transaction: { id: "{id}", account: "{account}", date: "{date}", amount: "1.00",
        direction: credit, currency: EUR, memo: "{more.text}" }
      """

    static let places = [
      Place(testDescription: "--config", words: ["status", "--config", "FILE"]),
      Place(
        testDescription: "the user's configuration", words: ["status"],
        file: "config/daybook/config.yaml"),
      Place(testDescription: "config check", words: ["config", "check", "FILE"]),
      Place(
        testDescription: "config apply", words: ["config", "apply", "FILE", "--reason", "test"]),
      Place(
        testDescription: "an imported file",
        words: ["import", "transactions", "FILE", "--rules", "good.yaml"]),
      Place(
        testDescription: "rules",
        words: ["import", "transactions", "good.csv", "--rules", "FILE"]),
      Place(
        testDescription: "a lookup",
        words: ["import", "transactions", "good.csv", "--rules", "lookup.yaml"]),
      Place(testDescription: "ledger verify", words: ["ledger", "verify", "FILE"]),
      Place(
        testDescription: "a theme", words: ["themes"],
        file: "share/themes/odd.yaml"),
      Place(
        testDescription: "the schema",
        words: ["init", "--database", "sqlite:new.sqlite"],
        file: "share/data/schema/sqlite/001.sql"),
      Place(
        testDescription: "a service file", words: ["status", "--database", "service=bank"],
        variables: ["PGSERVICEFILE": "FILE"]),
      Place(
        testDescription: "a certificate",
        words: ["status", "--database", "host=127.0.0.1 port=9 sslrootcert=FILE"]),
      Place(
        testDescription: "a certificate, to the doctor",
        words: ["doctor", "host=127.0.0.1 port=9 user=u dbname=d sslrootcert=FILE"]),
      Place(
        testDescription: "OpenSSL's configuration",
        words: ["status", "--database", "postgres://u@127.0.0.1:9/d"],
        variables: ["OPENSSL_CONF": "FILE"]),
      Place(
        testDescription: "OpenSSL's configuration, to the doctor",
        words: ["doctor", "postgres://u@127.0.0.1:9/d"], variables: ["OPENSSL_CONF": "FILE"]),
      Place(
        testDescription: "the system's authorities",
        words: ["doctor", "host=127.0.0.1 port=9 user=u dbname=d sslrootcert=system"],
        variables: ["SSL_CERT_FILE": "FILE"]),
      Place(
        testDescription: "Kerberos", words: ["doctor", "postgres://u@127.0.0.1:9/d"],
        variables: ["KRB5_CONFIG": "/none:FILE"]),
      Place(
        testDescription: "other names of hosts", words: ["doctor", "postgres://u@localhost:9/d"],
        variables: ["HOSTALIASES": "FILE"]),
    ]

    @Test("Each kind at each place", arguments: places)
    func sweep(place: Place) async throws {
      for kind in Kind.allCases {
        let branch = try await Branch.open()
        let home = branch.till.home
        let odd = "\(home)/\(place.file)"
        try FileManager.default.createDirectory(
          atPath: URL(fileURLWithPath: odd).deletingLastPathComponent().path,
          withIntermediateDirectories: true)
        for folder in ["share/themes", "share/data"] {
          try FileManager.default.createDirectory(
            atPath: "\(home)/\(folder)", withIntermediateDirectories: true)
        }
        let plain = Self.rules.replacing(/lookups:\n.*\n/, with: "")
          .replacing("{more.text}", with: "x")
        let files = [
          "good.csv": "id,account,date\n1,ANA,2024-01-01\n", "good.yaml": plain,
          "lookup.yaml": Self.rules,
        ]
        for (name, text) in files {
          try text.write(toFile: "\(home)/\(name)", atomically: false, encoding: .utf8)
        }
        let said = try await kind.put(at: odd)
        var variables = place.variables.mapValues { $0.replacing("FILE", with: odd) }
        if place.file.hasPrefix("share/") { variables["DAYBOOK_SHARE"] = "\(home)/share" }
        let began = ContinuousClock.now
        let answer = try await branch.till.run(
          place.words.map { $0.replacing("FILE", with: odd) }, environment: variables,
          limit: .seconds(20))
        let taken = began.duration(to: .now)
        #expect(taken < .seconds(3), "\(kind): \(taken) for \(answer)")
        let text = answer.standardOutput + answer.standardError
        // The fault of a service file says no more than that; a link in a circle is no certificate.
        let isService = place.variables["PGSERVICEFILE"] != nil
        let isCircle =
          kind == .loop && (place.words.last?.contains("ssl") == true || place.isOfLibrary)
          || place.isOfLibrary && [.folder, .socket].contains(kind)
        let wanted = isService ? "cannot be read" : said
        #expect(isCircle || text.contains(wanted), "\(kind): \(answer)")
        let name = place.file.split(separator: "/").last ?? ""
        #expect(isCircle || text.contains(name), "\(kind): \(answer)")
        #expect(answer.status != 0 || place.words.first == "status", "\(kind): \(answer)")
        // Known by its name, not something that could not be tested.
        #expect(place.words.first != "doctor" || answer.status == 1, "\(kind): \(answer)")
        await branch.till.close()
      }
    }
  }
}
