struct ModelInspection {
  init(_ model: MappedModel) {}
  func print(size: (height: Int, width: Int)?, threads: Int) throws {}
}
