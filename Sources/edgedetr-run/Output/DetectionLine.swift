import EdgeDETR

/// Prints what was found in one picture or frame as one line of JSON.
///
///     {"frame":7,"time":1764531160.123,"milliseconds":22.145,"detections":[
///      {"label":"WBC","class":1,"score":0.831049,"box":[117.70,140.10,214.00,182.10]}]}
///
/// `time` is that of the system's clock when the frame was complete, in seconds since 1970;
/// `milliseconds` is what detecting took; `box` is x, y, width and height in pixels. With `--raw`
/// there are no times and no labels, scores count 2⁻³⁰ and boxes 2⁻¹⁶ pixels.
struct DetectionLine {
  let labels: [[UInt8]]
  let isRaw: Bool
  let threshold: Int32
  private var line = JSONLine()

  init(labels: [String], options: RunOptions) {
    self.labels = labels.map { Array($0.utf8) }
    isRaw = options.isRaw
    threshold = options.leastScore
  }

  /// What a line is about.
  enum Subject {
    case frame(Int)
    case picture(Word)
  }

  mutating func print(
    _ subject: Subject,
    _ detections: UnsafeBufferPointer<Detection>,
    arrival: Int64,
    duration: Int64
  ) throws(RunError) {
    line.clear()
    switch subject {
    case .frame(let number):
      line.append("{\"frame\":")
      line.append(Int64(number))
    case .picture(let path):
      line.append("{\"image\":")
      line.append(quoted: path.bytes)
    }
    if !isRaw {
      line.append(",\"time\":")
      line.append(arrival / 1_000_000, digits: 3)
      line.append(",\"milliseconds\":")
      line.append(duration / 1000, digits: 3)
    }
    line.append(",\"detections\":[")
    var isFirst = true
    for detection in detections where detection.score >= threshold {
      line.append(isFirst ? "{" : ",{")
      isFirst = false
      if isRaw { appendExactly(detection) } else { append(detection) }
      line.append("]}")
    }
    line.append("]}\n")
    try StandardOutput.write(line.bytes)
  }

  private mutating func append(_ detection: Detection) {
    line.append("\"label\":")
    line.append(quoted: name(of: detection.label))
    line.append(",\"class\":")
    line.append(Int64(detection.label))
    line.append(",\"score\":")
    // Six digits, rounded half up.
    line.append((Int64(detection.score) * 1_000_000 + 1 << 29) >> 30, digits: 6)
    line.append(",\"box\":[")
    appendPixels(detection.x)
    line.append(",")
    appendPixels(detection.y)
    line.append(",")
    appendPixels(detection.width)
    line.append(",")
    appendPixels(detection.height)
  }

  /// Two digits, rounded half up.
  private mutating func appendPixels(_ number: Int32) {
    line.append((Int64(number) * 100 + 1 << 15) >> 16, digits: 2)
  }

  private mutating func appendExactly(_ detection: Detection) {
    line.append("\"class\":")
    line.append(Int64(detection.label))
    line.append(",\"score\":")
    line.append(Int64(detection.score))
    line.append(",\"box\":[")
    line.append(Int64(detection.x))
    line.append(",")
    line.append(Int64(detection.y))
    line.append(",")
    line.append(Int64(detection.width))
    line.append(",")
    line.append(Int64(detection.height))
  }

  /// The name of a class, or `class N` where the model has none.
  func name(of label: Int32) -> [UInt8] {
    let label = Int(label)
    guard labels.indices.contains(label), !labels[label].isEmpty else {
      return Array("class \(label)".utf8)
    }
    return labels[label]
  }
}

extension RunOptions {
  /// Least score to print, Q1.30: all of them where exact numbers are wanted.
  var leastScore: Int32 { threshold ?? (isRaw ? 0 : 322_122_547) }
}
