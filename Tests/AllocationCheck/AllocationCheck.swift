import Glibc
import ModelFile
import Runtime

@_extern(c, "mtrace")
func mtrace()

@_extern(c, "muntrace")
func muntrace()

/// Runs a session three times under the C library's allocation trace:
/// `AllocationCheck MODEL HEIGHT WIDTH THREADS [photograph] [array]`.
///
/// The trace goes to the file that `MALLOC_TRACE` names, one line with a plus for each allocation. With
/// `array` an array is made beside the runs, which shows that allocations are seen.
@main
enum AllocationCheck {
  static func main() throws {
    let arguments = CommandLine.arguments
    let bytes = try map(arguments[1])
    let model = try Model(validating: bytes)
    let (height, width, threads) = (Int(arguments[2])!, Int(arguments[3])!, Int(arguments[4])!)
    let session =
      arguments.contains("photograph")
      ? try Session(
        model: model,
        photographHeight: height,
        photographWidth: width,
        threads: threads
      )
      : try Session(model: model, height: height, width: width, threads: threads)
    let picture = UnsafeMutablePointer<UInt8>.allocate(capacity: height * width * 3)
    picture.initialize(repeating: 77, count: height * width * 3)
    let makesArray = arguments.contains("array")
    var array: [Detection] = []

    mtrace()
    for _ in 0..<3 { session.run(picture: picture, rowStride: width * 3) }
    if makesArray { array = Array(session.detections) }
    muntrace()
    print(session.detections.count, array.count)
  }

  private static func map(_ path: String) throws -> UnsafeRawBufferPointer {
    let descriptor = open(path, O_RDONLY)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0,
      let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0),
      start != MAP_FAILED
    else { exit(2) }
    return UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
  }
}
