extension Model {
  /// The file with further facts on the model's origin; nothing else of what it holds changes.
  ///
  /// - Parameter facts: names and texts, added behind those that are there.
  /// - Returns: the bytes of the file.
  public func file(adding facts: [(name: String, text: String)]) -> [UInt8] {
    var text = section(.text)
    func add(_ string: String) -> TextRange {
      let bytes = Array(string.utf8)
      defer { text += bytes }
      return TextRange(offset: text.count, count: bytes.count)
    }
    var information = information
    for fact in facts { information.provenance.append((add(fact.name), add(fact.text))) }
    var words = WordWriter()
    information.write(to: &words)
    return FileLayout.file(sections: [
      ModelWriter.bytes(words.words), section(.values), section(.operations), text, section(.data),
    ])
  }

  /// The bytes of a section, which validation has shown to lie in the file.
  private func section(_ section: FileLayout.Section) -> [UInt8] {
    let entry = FileLayout.sectionTable + section.rawValue * 16
    let offset = bytes.loadUnaligned(fromByteOffset: entry, as: UInt64.self)
    let count = bytes.loadUnaligned(fromByteOffset: entry + 8, as: UInt64.self)
    let start = Int(UInt64(littleEndian: offset))
    return [UInt8](bytes[start..<start + Int(UInt64(littleEndian: count))])
  }
}
