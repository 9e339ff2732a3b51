import CheckedJSON
import Checkpoints
import FloatGraph

/// Calibration statistics as a safetensors file, so that they can be taken once and used often.
///
/// `__metadata__` holds `format`, `version` and the ``CalibrationOrigin``. With V values of the graph
/// the tensors are
///
/// | name | type | shape | content |
/// |---|---|---|---|
/// | `photographs` | I64 | [3] | how many were seen, height and width of the largest input |
/// | `ranges` | F32 | [V, 3] | least number, greatest number, half of the histogram's width |
/// | `counts` | I64 | [V, 4] | finite numbers, others, photographs, zeros before the histogram |
/// | `averages` | I64 | [V, 2] | bits of the doubles that average the photographs' extremes |
/// | `sums` | I64 | [n] | bits of the doubles that sum the channels of all values seen |
/// | `histograms` | I32 or I64 | [h, 4096] | of the values whose histogram has a width |
/// | `samples.KEY` | F32 | [rows, width] | inputs of products |
/// | `offered.KEY` | I64 | [1] | rows that these were chosen from |
///
/// A file is not trusted: every extent is held against the graph and every number against what
/// calibrating can give, before it is used.
public enum CalibrationFile {
  public static let format = "edgedetr-statistics"
  public static let version = "1"

  /// Writes statistics.
  ///
  /// - Parameters:
  ///   - calibration: the statistics.
  ///   - origin: what they were taken of.
  /// - Returns: the file's bytes.
  public static func encoded(_ calibration: Calibration, origin: CalibrationOrigin) -> [UInt8] {
    var metadata = ["format": format, "version": version]
    for (name, text) in origin.facts { metadata[name] = text }
    var writer = SafetensorsWriter(metadata: metadata)
    let statistics = calibration.statistics
    let count = statistics.count
    let size = calibration.largestInput
    writer.add(
      "photographs",
      shape: [3],
      int64s: [calibration.photographs, size.height, size.width].map { Int64($0) }
    )
    writer.add(
      "ranges",
      shape: [count, 3],
      floats: statistics.flatMap { [$0.minimum, $0.maximum, $0.limit] }
    )
    writer.add(
      "counts",
      shape: [count, 4],
      int64s: statistics.flatMap {
        [$0.count, $0.nonFinite, $0.photographs, $0.zeros].map { Int64($0) }
      }
    )
    writer.add(
      "averages",
      shape: [count, 2],
      int64s: statistics.flatMap { [$0.averageMinimum.bits, $0.averageMaximum.bits] }
    )
    let sums = statistics.flatMap(\.channelSums)
    writer.add("sums", shape: [sums.count], int64s: sums.map(\.bits))
    let histograms = statistics.map(\.histogram).filter { !$0.isEmpty }
    let shape = [histograms.count, ValueStatistics.bins]
    if histograms.allSatisfy({ $0.allSatisfy { $0 <= Int32.max } }) {
      writer.add("histograms", shape: shape, int32s: histograms.flatMap { $0.map { Int32($0) } })
    } else {
      writer.add("histograms", shape: shape, int64s: histograms.flatMap { $0.map { Int64($0) } })
    }
    for (key, samples) in calibration.samples {
      writer.add("samples.\(key)", shape: [samples.rows, samples.width], floats: samples.numbers)
      writer.add("offered.\(key)", shape: [1], int64s: [Int64(samples.offered)])
    }
    return writer.encoded()
  }

  /// Reads statistics.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - graph: the graph that they must be of.
  ///   - origin: what they must have been taken of.
  /// - Returns: the statistics, equal to those that were written.
  /// - Throws: ``CalibrationFileError``.
  public static func read(
    path: String,
    graph: FloatGraph,
    origin: CalibrationOrigin
  ) throws(CalibrationFileError) -> Calibration {
    let tensors: TensorMap
    do { tensors = try TensorMap.open(safetensors: path) } catch { throw .unreadable(error) }
    guard tensors.metadata["format"] == format else { throw .notStatistics(file: path) }
    let found = tensors.metadata["version"] ?? ""
    guard found == version else { throw .version(file: path, found: onOneLine(found)) }
    for (name, text) in origin.facts {
      let found = tensors.metadata[name] ?? ""
      guard found == text else {
        throw .origin(file: path, fact: name, expected: text, found: onOneLine(found))
      }
    }
    return try CalibrationReader(file: path, tensors: tensors).calibration(of: graph)
  }
}

extension Double {
  var bits: Int64 { Int64(bitPattern: bitPattern) }
}
