import Foundation
import RealParts
import Testing

extension EndToEnd {
  /// The program in a network of its own, which leads nowhere; its name server never answers.
  /// Nothing of this machine's network is touched.
  @Suite("daybook doctor on broken networks")
  struct DoctorNetworkTests {
    private func doctor(
      _ address: String, _ branch: Branch, _ preparation: String
    ) async throws -> (JSONValue, seconds: Double) {
      let resolver = "\(branch.till.home)/resolv.conf"
      try "nameserver 127.0.0.2\n".write(toFile: resolver, atomically: true, encoding: .utf8)
      let script = """
        set -e
        mount --bind \(resolver) /etc/resolv.conf
        ip link set lo up
        \(preparation)
        exec "$0" doctor '\(address)' --json
        """
      let began = ContinuousClock.now
      let result = try await Command.run(
        [
          "unshare", "--user", "--map-root-user", "--mount", "--net", "sh", "-c", script,
          branch.till.binary,
        ], environment: branch.till.environment)
      let taken = began.duration(to: .now) / .seconds(1)
      #expect(result.status == 1, "\(result.standardError)")
      let answer = try JSONValue(parsing: result.standardOutput)
      expectInTime(answer)
      return (answer, taken)
    }

    /// Each layer has answered within the time that `docs/connections.md` states for it, and what a
    /// busy machine adds.
    private func expectInTime(_ answer: JSONValue) {
      let stated = ["C04": 2_000, "C05": 3_000, "C06": 3_000]
      for layer in answer["layers"].list ?? [] {
        let limit = stated[layer["code"].text ?? ""] ?? 1_000
        #expect((layer["milliseconds"].int ?? .max) <= limit + 2_500, "\(layer)")
      }
    }

    /// A name server that takes every question and never answers one.
    private static let deafServer = """
      perl -MIO::Socket::INET -e '
        my $deaf = IO::Socket::INET->new(
          Proto => "udp", LocalAddr => "127.0.0.2", LocalPort => 53) or die $!;
        open(my $sign, ">", $ARGV[0]); close($sign); sleep 30' "$HOME/deaf" &
      while [ ! -e "$HOME/deaf" ]; do sleep 0.02; done
      """

    private func fault(_ answer: JSONValue) throws -> JSONValue {
      try #require(answer["layers"].list?.first { $0["result"].text == "fail" }, "\(answer)")
    }

    @Test("a name server that never answers: C04 after two seconds, whatever the system's patience")
    func silentNameServer() async throws {
      let (answer, seconds) = try await doctor(
        "postgres://ana:s3cret@db.branch.example/bank", try Branch.empty(), Self.deafServer)
      #expect(try fault(answer)["fault"].text == "name-server-silent")
      #expect((1.9...4.5).contains(seconds), "\(seconds)")
      #expect(!"\(answer)".contains("s3cret"))
    }

    @Test("a black hole, where packets vanish without a word: C05 after three seconds")
    func blackHole() async throws {
      let (answer, seconds) = try await doctor(
        "postgres://ana:s3cret@10.9.0.77/bank", try Branch.empty(), Self.blackHole)
      let failure = try fault(answer)
      #expect(failure["fault"].text == "no-answer")
      #expect(failure["mistaken_for"].text?.contains("overload") == true)
      #expect((2.9...6).contains(seconds), "\(seconds)")
      #expect(!"\(answer)".contains("s3cret"))
    }

    /// A cable whose other end is plugged into nothing that answers.
    private static let blackHole = """
      ip link add near type veth peer name far
      ip address add 10.9.0.1/24 dev near
      ip link set near up
      ip link set far up
      ip neighbour add 10.9.0.77 lladdr 02:00:00:00:00:01 dev near nud permanent
      """

    @Test("a machine whose own rules forbid the connection: C05, and it is not the password")
    func forbidden() async throws {
      let (answer, seconds) = try await doctor(
        "postgres://ana:s3cret@10.9.9.9/bank", try Branch.empty(),
        "ip route add prohibit 10.9.0.0/16")
      let failure = try fault(answer)
      #expect(failure["fault"].text == "forbidden-here")
      #expect(failure["mistaken_for"].text?.contains("password") == true)
      #expect(seconds < 2.5)
    }

    @Test("no network, and no route: C05 at once")
    func noNetwork() async throws {
      let branch = try Branch.empty()
      let (offline, seconds) = try await doctor("postgres://ana@10.9.9.9/bank", branch, ":")
      #expect(try fault(offline)["fault"].text == "no-network")
      #expect(seconds < 2.5)
      let (unreachable, _) = try await doctor(
        "postgres://ana@10.9.9.9/bank", branch, "ip route add unreachable 10.9.0.0/16")
      #expect(try fault(unreachable)["fault"].text == "no-route")
    }
  }
}
