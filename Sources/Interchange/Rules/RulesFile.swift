extension ImportRules {
  /// Reads a rules file.
  ///
  /// - Throws: `RulesFault`, also where the file cannot be read.
  public init(path: String) throws(RulesFault) {
    var bytes: [UInt8] = []
    do {
      let source = try ByteSource(path: path)
      while bytes.count <= Self.maximumBytes, let chunk = try source.next() { bytes += chunk }
    } catch {
      throw RulesFault(file: path, line: nil, text: error.text)
    }
    guard let yaml = String(validating: bytes, as: UTF8.self) else {
      throw RulesFault(file: path, line: nil, text: "Rules are written in UTF-8; this is not.")
    }
    try self.init(yaml: yaml, file: path)
  }

  static let maximumBytes = 1024 * 1024

  /// Opens lookup files in the folder of the imported file.
  public static func lookups(beside path: String) -> LookupOpener {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return { (name: String) throws(ImportFault) in
      try ByteSource(path: name.hasPrefix("/") ? name : folder + name)
    }
  }
}
