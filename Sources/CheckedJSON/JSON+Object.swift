extension JSON {
  /// The members of an object, in order, found by key in constant time.
  public struct Object: Sendable {
    /// One member.
    public typealias Member = (key: String, value: JSON)

    /// All members in the order in which they were read or added.
    public private(set) var members: [Member]

    // Filled only when a search through `members` would take longer than hashing.
    private var positions: [String: Int]

    private static let largestSearch = 8

    /// Makes an object without members.
    public init() {
      members = []
      positions = [:]
    }

    /// Makes an object of members whose keys are known to differ.
    ///
    /// - Parameter members: in order.
    init(distinct members: [Member]) {
      self.members = members
      positions = [:]
      if members.count > Self.largestSearch { indexAll() }
    }

    /// The number of members.
    public var count: Int { members.count }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }

    /// The value for a key; setting appends or replaces, setting `nil` removes.
    ///
    /// - Parameter key: compared as Swift compares strings.
    public subscript(key: String) -> JSON? {
      get { position(of: key).map { members[$0].value } }
      set {
        switch (position(of: key), newValue) {
        case (let position?, let value?): members[position].value = value
        case (let position?, nil):
          members.remove(at: position)
          if !positions.isEmpty { indexAll() }
        case (nil, let value?):
          members.append((key, value))
          if !positions.isEmpty {
            positions[key] = members.count - 1
          } else if members.count > Self.largestSearch {
            indexAll()
          }
        case (nil, nil): break
        }
      }
    }

    private func position(of key: String) -> Int? {
      positions.isEmpty ? members.firstIndex { $0.key == key } : positions[key]
    }

    private mutating func indexAll() {
      positions = [:]
      positions.reserveCapacity(members.count)
      for (index, member) in members.enumerated() { positions[member.key] = index }
    }
  }
}

extension JSON.Object: Hashable {
  /// Whether two objects have the same members in the same order.
  ///
  /// - Parameters:
  ///   - left: one object.
  ///   - right: another.
  /// - Returns: true when they are equal.
  public static func == (left: Self, right: Self) -> Bool {
    left.members.elementsEqual(right.members) { $0.key == $1.key && $0.value == $1.value }
  }

  /// Feeds the members to a hasher.
  ///
  /// - Parameter hasher: takes them in order.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(members.count)
    for member in members {
      hasher.combine(member.key)
      hasher.combine(member.value)
    }
  }
}
