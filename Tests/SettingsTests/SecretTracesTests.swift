import Settings
import Testing

/// Which lines of a kept file seem to hold a password.
@Suite("Traces of passwords") struct SecretTracesTests {
  @Test("Addresses and assignments with a value are found, by their line")
  func found() {
    let text = """
      all is well
      postgres://ana:hu5h@db.branch/bank
      host=db password=hu5h
      {"password":"hu5h"}
      password: hu5h
      """
    #expect(Secrets.linesWithPasswords(in: text) == [2, 3, 4, 5])
  }

  @Test("Masks, and what the doctor says about passwords, are none")
  func none() {
    let text = """
      postgres://ana:•••@db.branch/bank
      password=•••
      {"password":null,"user":"ana"}
      not the password: the login was accepted
      the password is in ~/.pgpass
      """
    #expect(Secrets.linesWithPasswords(in: text).isEmpty)
  }
}
