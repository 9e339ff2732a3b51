/// One property of a detector, its value, and where the value came from.
public struct Setting: Sendable, Equatable {
  public enum Origin: Sendable, Equatable {
    /// The shapes or names of tensors.
    case tensors
    /// A configuration, such as `config.json: 'd_model'`.
    case file(place: String)
    /// An option of the user.
    case option(flag: String)
    /// The paper's value, because nothing says otherwise.
    case paper
  }

  /// Such as `encoder heads`.
  public let name: String
  public let value: String
  public let origin: Origin
}

/// A value that a configuration or a tensor states, and where.
struct Stated<Value: Equatable & Sendable>: Sendable {
  let value: Value
  /// Such as `config.json: 'd_model'` or `model.safetensors: tensor 'model.level_embed'`.
  let place: String

  init(_ value: Value, at place: String) {
    self.value = value
    self.place = place
  }
}

/// Brings together what tensors, configuration and options say about each property.
///
/// Tensors outrank the configuration, which outranks options, which outrank the paper's value; two
/// sources that disagree are an error, never a choice.
struct SettingsTable {
  private(set) var settings: [Setting] = []

  /// Decides one property.
  ///
  /// - Parameters:
  ///   - name: what to list it as.
  ///   - tensors: what the tensors say.
  ///   - file: what the configuration says.
  ///   - option: what the user says.
  ///   - paper: what holds when nobody says anything.
  /// - Returns: the value.
  /// - Throws: ``ArchitectureError/contradiction(place:found:other:expected:)``.
  mutating func settle<Value>(
    _ name: String,
    tensors: Stated<Value>? = nil,
    file: Stated<Value>? = nil,
    option: Stated<Value>? = nil,
    paper: Value
  ) throws(ArchitectureError) -> Value {
    let sources = [tensors, file, option].compactMap { $0 }
    for (earlier, later) in zip(sources, sources.dropFirst()) where earlier.value != later.value {
      throw .contradiction(
        place: later.place,
        found: Self.text(later.value),
        other: earlier.place,
        expected: Self.text(earlier.value)
      )
    }
    let origin: Setting.Origin
    if tensors != nil {
      origin = .tensors
    } else if let file {
      origin = .file(place: file.place)
    } else if let option {
      origin = .option(flag: option.place)
    } else {
      origin = .paper
    }
    let value = sources.first?.value ?? paper
    settings.append(Setting(name: name, value: Self.text(value), origin: origin))
    return value
  }

  private static func text<Value>(_ value: Value) -> String {
    switch value {
    case let flag as Bool: flag ? "yes" : "no"
    case let list as [Int]: list.map(String.init).joined(separator: "-")
    default: "\(value)"
    }
  }
}
