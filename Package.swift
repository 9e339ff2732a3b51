// swift-tools-version: 6.2
import PackageDescription

// One table of flags. Readers of untrusted bytes keep every overflow and bounds check; code that
// computes on sizes checked beforehand drops them. Both are optimised in debug builds too, so that
// tests run at full speed.
let ring: [SwiftSetting] = [
  .unsafeFlags(["-O", "-wmo", "-num-threads", "2"], .when(configuration: .debug)),
  .enableExperimentalFeature("Extern"),
]
let ringHot: [SwiftSetting] = [
  .unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2"]),
  .enableExperimentalFeature("Extern"),
]
let workshop: [SwiftSetting] = [
  .unsafeFlags(["-O", "-wmo", "-num-threads", "2"], .when(configuration: .debug))
]
let workshopHot: [SwiftSetting] = [.unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2"])]
let avx2: [SwiftSetting] = [
  .unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2", "-Xcc", "-mavx2", "-Xcc", "-mfma"])
]
let avx512: [SwiftSetting] = [
  .unsafeFlags([
    "-Ounchecked", "-wmo", "-num-threads", "2", "-Xcc", "-mavx512f", "-Xcc", "-mavx512bw", "-Xcc",
    "-mavx512dq",
    "-Xcc", "-mavx512vl", "-Xcc", "-mfma",
  ])
]
// The ring's kernels: one instruction set a target, because flags are per target.
let sse41: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-msse4.1"])]
let avx2Integer: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2"])]
let avxVNNI: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mavxvnni"])]
let avx512VNNI: [SwiftSetting] = [
  .unsafeFlags([
    "-Xcc", "-mavx512f", "-Xcc", "-mavx512bw", "-Xcc", "-mavx512dq", "-Xcc", "-mavx512vl",
    "-Xcc", "-mavx512vnni", "-Xcc", "-mprefer-vector-width=512",
  ])
]

let package = Package(
  name: "edgedetr",
  products: [.executable(name: "edgedetr", targets: ["edgedetr"])],
  targets: [
    // The ring that ships to a board: no Foundation, no floating point, Embedded Swift.
    .target(name: "FixedPoint", swiftSettings: ringHot),
    .target(name: "Kernels", dependencies: ["FixedPoint"], swiftSettings: ringHot),
    .target(
      name: "KernelsSSE41",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + sse41
    ),
    .target(
      name: "KernelsAVX2",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + avx2Integer
    ),
    .target(
      name: "KernelsAVXVNNI",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + avxVNNI
    ),
    .target(
      name: "KernelsAVX512VNNI",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + avx512VNNI
    ),
    .target(name: "ModelFile", dependencies: ["FixedPoint"], swiftSettings: ring),
    .target(name: "Vision", swiftSettings: ring),
    .target(
      name: "Runtime",
      dependencies: [
        "FixedPoint", "Kernels", "KernelsAVX2", "KernelsAVX512VNNI", "KernelsAVXVNNI",
        "KernelsSSE41", "ModelFile", "Vision",
      ],
      swiftSettings: ring
    ),

    // The workshop: Foundation and floating point.
    .target(name: "CheckedJSON", swiftSettings: workshop),
    .target(name: "Checkpoints", dependencies: ["CheckedJSON"], swiftSettings: workshop),
    .target(name: "FloatKernels", swiftSettings: workshopHot),
    .target(name: "FloatKernelsAVX2", dependencies: ["FloatKernels"], swiftSettings: avx2),
    .target(name: "FloatKernelsAVX512", dependencies: ["FloatKernels"], swiftSettings: avx512),
    .target(
      name: "FloatGraph",
      dependencies: ["FloatKernels", "FloatKernelsAVX2", "FloatKernelsAVX512"],
      swiftSettings: workshop
    ),
    .target(
      name: "Architectures",
      dependencies: ["CheckedJSON", "Checkpoints", "FloatGraph"],
      swiftSettings: workshop
    ),
    .target(
      name: "Quantizer",
      dependencies: [
        "CheckedJSON", "Checkpoints", "FixedPoint", "FloatGraph", "ModelFile", "Vision",
      ],
      swiftSettings: workshop
    ),
    .target(
      name: "Simulation",
      dependencies: ["FixedPoint", "ModelFile", "Runtime"],
      swiftSettings: workshopHot
    ),
    .target(name: "Evaluation", dependencies: ["CheckedJSON"], swiftSettings: workshop),
    .target(
      name: "SyntheticCheckpoints",
      dependencies: ["CheckedJSON", "Checkpoints"],
      swiftSettings: workshop
    ),
    .executableTarget(
      name: "edgedetr",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "Evaluation", "FixedPoint", "FloatGraph",
        "Kernels", "ModelFile", "Quantizer", "Runtime", "Simulation", "SyntheticCheckpoints",
        "Vision",
      ],
      swiftSettings: workshop
    ),
    .executableTarget(
      name: "KernelCheck",
      dependencies: ["FixedPoint", "Kernels", "Runtime"],
      path: "Tools/KernelCheck"
    ),
    // Hostile inputs for every reader; with the address sanitizer see Tools/fuzz.
    .executableTarget(
      name: "edgedetr-fuzz",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "Evaluation", "FloatGraph", "ModelFile",
        "Quantizer", "Runtime", "SyntheticCheckpoints", "Vision",
      ],
      path: "Tools/Fuzz",
      swiftSettings: [
        .unsafeFlags(["-O", "-wmo", "-num-threads", "2"]), .enableExperimentalFeature("Extern"),
      ]
    ),

    .testTarget(name: "FixedPointTests", dependencies: ["FixedPoint"], swiftSettings: workshop),
    .testTarget(
      name: "KernelsTests",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: workshop
    ),
    .testTarget(name: "ModelFileTests", dependencies: ["FixedPoint", "ModelFile"]),
    .executableTarget(
      name: "AllocationCheck",
      dependencies: ["ModelFile", "Runtime"],
      path: "Tests/AllocationCheck",
      swiftSettings: ring
    ),
    .testTarget(
      name: "RuntimeTests",
      dependencies: [
        "AllocationCheck", "FixedPoint", "Kernels", "ModelFile", "Runtime", "Simulation",
        "Vision",
      ],
      swiftSettings: workshop
    ),
    .testTarget(name: "VisionTests", dependencies: ["Vision"], swiftSettings: workshop),
    .testTarget(name: "CheckedJSONTests", dependencies: ["CheckedJSON"]),
    .testTarget(name: "CheckpointsTests", dependencies: ["CheckedJSON", "Checkpoints"]),
    .testTarget(
      name: "FloatGraphTests",
      dependencies: ["Architectures", "CheckedJSON", "Checkpoints", "FloatGraph", "FloatKernels"]
    ),
    .testTarget(
      name: "QuantizerTests",
      dependencies: ["Checkpoints", "FixedPoint", "FloatGraph", "ModelFile", "Quantizer"]
    ),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "FloatGraph", "ModelFile", "Quantizer",
        "Runtime", "Simulation", "SyntheticCheckpoints",
      ],
      swiftSettings: workshop
    ),
    .testTarget(
      name: "ArchitecturesTests",
      dependencies: ["Architectures", "CheckedJSON", "Checkpoints", "FloatGraph"],
      swiftSettings: workshop
    ),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "CheckedJSON", "Checkpoints", "Evaluation", "SyntheticCheckpoints", "Vision", "edgedetr",
      ]
    ),
    .testTarget(
      name: "SyntheticCheckpointsTests",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "FloatGraph", "SyntheticCheckpoints",
      ],
      swiftSettings: workshop
    ),
    .testTarget(name: "EvaluationTests", dependencies: ["CheckedJSON", "Evaluation"]),
  ]
)
