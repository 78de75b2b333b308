import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// A mistake is named with its place, and what was in force before stays so.
  @Suite("Bad connection strings and configurations")
  struct BadInputTests {
    @Test(
      "every kind of unreadable string: C01 with the place in it, refused by apply, nothing changed"
    )
    func strings() async throws {
      let scene = try await Configurations.open()
      let before = scene.text
      for (address, words) in [
        ("\"'postgres://a:hu5h@db/b'\"", "begins with a quotation mark"),
        ("postgres://a:hu5h@x@db/b", "of the @ at character 18"),
        ("postgres://a:hu5h/x@db/b", "the / at character 18"),
        ("postgres://a:5?user=hu5h@db/b", "the @ at character 25 stands in a setting"),
        ("\"postgres://a:hu5h#x@db :1/b\"", "cannot be read"),
        ("postgres://a:hu5h%x@db/b", "the % at character 18"),
        ("postgres://a:hu5h/b", "the : at character 13 is taken for a port"),
        ("host=db password=my hu5h", "the word at character 21"),
        ("host=db pasword=hu5h", "did you mean 'password'?"),
        ("\"host=db password='hu5h\"", "the quotation mark at character 18"),
        ("mysql://a:hu5h@db/b", "the unknown scheme 'mysql'"),
        ("books.sqlite", "has no = behind it"),
        (String(repeating: "hu5h", count: 200_000), "longer than 65536 bytes"),
      ] {
        let file = try scene.candidate("theme: night\ndatabase: \(address)\n")
        let told = try await scene.branch.text("config", "check", file, status: 1)
        #expect(told.standardOutput.contains("no mistakes found but in the database address"))
        let check = try await scene.branch.json("config", "check", file, status: 1)
        #expect(check["database"]["code"].text == "C01", "\(words)")
        #expect(check["database"]["text"].text?.contains(words) == true, "\(check["database"])")
        let apply = try await scene.branch.json("config", "apply", file, status: 1)
        let doctor = try await scene.branch.json("doctor", "--config", file, status: 1)
        #expect(doctor["layers"][0]["fault"].text == "address-unreadable")
        #expect(doctor["layers"][0]["observed"].text?.contains("\(file):2") == true, "\(words)")
        for answer in [check, apply, doctor] { #expect(!"\(answer)".contains("hu5h"), "\(words)") }
        #expect(scene.text == before)
      }
      #expect(try await scene.branch.json("doctor")["healthy"].bool == true)
    }

    @Test(
      "misspelt keys, wrong types, unknown themes, binary and huge files: named with their line")
    func files() async throws {
      let scene = try await Configurations.open()
      let before = scene.text
      let file = "\(scene.home)/candidate.yaml"
      for (bytes, line, words) in [
        (Data("terminal: till-1\ndatabse: x\n".utf8), 2, "did you mean 'database'?"),
        (Data("offline:\n  per_entri: 5\n".utf8), 2, "did you mean 'offline.per_entry'?"),
        (Data("terminal: [a, b]\n".utf8), 1, "must be one value"),
        (Data("offline: {per_entry: much}\n".utf8), 1, "is not a whole number"),
        (Data("terminal: till-1\ntheme: papr\n".utf8), 2, "did you mean 'paper'?"),
        (Data("terminal: till-1\ndatabase: ''\n".utf8), 2, "database"),
        (Data("terminal: till-1\ndatabase: \"x\n".utf8), 3, "this is not YAML"),
        (Data([0x61, 0xE9, 0x3A]), nil, "not UTF-8"),
        (Data("terminal: till-1\ndatabase: a\0b\n".utf8), 2, "this is not YAML"),
        (Data(repeating: 0x61, count: 2_000_000), nil, "too large"),
      ] as [(Data, Int?, String)] {
        try bytes.write(to: URL(fileURLWithPath: file))
        for command in ["check", "apply"] {
          let answer = try await scene.branch.till.run("config", command, file)
          let text = answer.standardOutput + answer.standardError
          #expect(answer.status == 64, "\(answer)")
          #expect(text.contains(line.map { "\(file):\($0)" } ?? file), "\(answer)")
          #expect(text.contains(words), "\(answer)")
        }
        #expect(scene.text == before)
      }
      #expect(try await scene.branch.json("status")["mode"].text == "online")
    }

    @Test("files that hold secrets: unreadable ones are named, readable ones are warned of")
    func secretFiles() async throws {
      let scene = try await Configurations.open()
      let before = scene.text
      let file = try scene.candidate("database: postgres://a:hu5h@127.0.0.1:1/b\n")
      try await Command.succeed(["chmod", "644", file])
      let open = try await scene.branch.till.run("status", "--config", file)
      #expect(open.standardError.contains("\(file):1 can be read by others; chmod 600 \(file)"))
      // The fix, followed.
      try await Command.succeed(["chmod", "600", file])
      let closed = try await scene.branch.till.run("status", "--config", file)
      #expect(!closed.standardError.contains("can be read by others"))
      for answer in [open, closed] { #expect(!"\(answer)".contains("hu5h")) }

      try await Command.succeed(["chmod", "000", file])
      // In a world of its own where root is nobody special, and so may not read everything.
      let result = try await Command.run(
        ["unshare", "--user", scene.branch.till.binary, "config", "check", file],
        environment: scene.branch.till.environment)
      #expect(result.status == 64 && (result.standardOutput + result.standardError).contains(file))
      #expect(scene.text == before)
    }
  }
}
