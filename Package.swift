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
// Kernels: one instruction set a target, because flags are per target. A flag is known to one
// architecture only, that of the machine that builds; the sources of the others compile to nothing.
// The condition tells sources that several tables share which of them they are compiled for.
let x86: [SwiftSetting] = [.define("X86")]
let arm: [SwiftSetting] = [.define("ARM")]
#if arch(x86_64)
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
  let sse41: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-msse4.1"])]
  let avx2Integer: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2"])]
  let avxVNNI: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mavxvnni"])]
  let avx512VNNI: [SwiftSetting] = [
    .unsafeFlags([
      "-Xcc", "-mavx512f", "-Xcc", "-mavx512bw", "-Xcc", "-mavx512dq", "-Xcc", "-mavx512vl",
      "-Xcc", "-mavx512vnni", "-Xcc", "-mprefer-vector-width=512",
    ])
  ]
#else
  let avx2 = workshopHot
  let avx512 = workshopHot
  let sse41: [SwiftSetting] = []
  let avx2Integer: [SwiftSetting] = []
  let avxVNNI: [SwiftSetting] = []
  let avx512VNNI: [SwiftSetting] = []
#endif
#if arch(arm64)
  let dotProd: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=armv8.2-a+dotprod"])]
  let i8mm: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-march=armv8.2-a+dotprod+i8mm"])]
#else
  let dotProd: [SwiftSetting] = []
  let i8mm: [SwiftSetting] = []
#endif

let package = Package(
  name: "edgedetr",
  products: [
    .library(name: "EdgeDETR", targets: ["EdgeDETR"]),
    .library(name: "CEdgeDETR", type: .static, targets: ["CEdgeDETR"]),
    .executable(name: "edgedetr", targets: ["edgedetr"]),
    .executable(name: "edgedetr-run", targets: ["edgedetr-run"]),
  ],
  targets: [
    // The ring that ships to a board: no Foundation, no floating point, Embedded Swift.
    .target(name: "FixedPoint", swiftSettings: ringHot),
    .target(name: "Kernels", dependencies: ["FixedPoint"], swiftSettings: ringHot),
    .target(
      name: "KernelsSSE41",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + x86 + sse41
    ),
    .target(
      name: "KernelsAVX2",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + x86 + avx2Integer
    ),
    .target(
      name: "KernelsAVXVNNI",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + x86 + avxVNNI
    ),
    .target(
      name: "KernelsAVX512VNNI",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + x86 + avx512VNNI
    ),
    .target(
      name: "KernelsNEON",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + arm
    ),
    .target(
      name: "KernelsDotProd",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + arm + dotProd
    ),
    .target(
      name: "KernelsI8MM",
      dependencies: ["FixedPoint", "Kernels"],
      swiftSettings: ringHot + arm + i8mm
    ),
    .target(name: "Messages", swiftSettings: ring),
    .target(name: "ModelFile", dependencies: ["FixedPoint", "Messages"], swiftSettings: ring),
    .target(name: "Deflate", dependencies: ["Messages"], swiftSettings: ring),
    .target(name: "Vision", dependencies: ["Deflate", "Messages"], swiftSettings: ring),
    .target(
      name: "Runtime",
      dependencies: [
        "FixedPoint", "Kernels", "KernelsAVX2", "KernelsAVX512VNNI", "KernelsAVXVNNI",
        "KernelsDotProd", "KernelsI8MM", "KernelsNEON", "KernelsSSE41", "Messages", "ModelFile",
        "Vision",
      ],
      swiftSettings: ring
    ),
    .target(
      name: "EdgeDETR",
      dependencies: ["Kernels", "Messages", "ModelFile", "Runtime", "Vision"],
      swiftSettings: ring
    ),
    // The header alone: what is declared there is implemented in Swift.
    .systemLibrary(name: "EdgeDETRHeader"),
    .target(
      name: "CEdgeDETR",
      dependencies: [
        "EdgeDETR", "EdgeDETRHeader", "Kernels", "Messages", "ModelFile", "Runtime", "Vision",
      ],
      swiftSettings: ring
    ),
    .executableTarget(
      name: "edgedetr-run",
      dependencies: ["EdgeDETR", "Kernels", "Messages", "ModelFile", "Runtime", "Vision"],
      swiftSettings: ring
    ),

    // The workshop: Foundation and floating point.
    .target(name: "CheckedJSON", swiftSettings: workshop),
    .target(
      name: "Checkpoints",
      dependencies: ["CheckedJSON", "Deflate"],
      swiftSettings: workshop
    ),
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
      dependencies: ["FixedPoint", "Kernels", "ModelFile", "Runtime"],
      swiftSettings: workshopHot
    ),
    .target(name: "RandomNumbers", swiftSettings: workshop),
    .target(
      name: "Evaluation",
      dependencies: ["CheckedJSON", "RandomNumbers"],
      swiftSettings: workshop
    ),
    .target(name: "Report", dependencies: ["Evaluation", "Vision"], swiftSettings: workshop),
    .target(
      name: "SyntheticCheckpoints",
      dependencies: ["CheckedJSON", "Checkpoints", "RandomNumbers"],
      swiftSettings: workshop
    ),
    .target(
      name: "SyntheticScenes",
      dependencies: ["RandomNumbers", "Vision"],
      swiftSettings: workshopHot
    ),
    .executableTarget(
      name: "edgedetr",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "EdgeDETR", "Evaluation", "FixedPoint",
        "FloatGraph", "Kernels", "ModelFile", "Quantizer", "Report", "Runtime", "Simulation",
        "SyntheticCheckpoints", "SyntheticScenes", "Vision",
      ],
      swiftSettings: workshop
    ),
    .executableTarget(
      name: "KernelCheck",
      dependencies: ["FixedPoint", "Kernels", "Runtime"],
      path: "Tools/KernelCheck",
      swiftSettings: [.enableExperimentalFeature("Extern")]
    ),
    // Hostile inputs for every reader; with the address sanitizer see Tools/fuzz-check.
    .executableTarget(
      name: "edgedetr-fuzz",
      dependencies: [
        "Architectures", "CheckedJSON", "Checkpoints", "Deflate", "Evaluation", "FloatGraph",
        "ModelFile", "Quantizer", "Runtime", "SyntheticCheckpoints", "Vision",
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
    .testTarget(name: "DeflateTests", dependencies: ["Deflate"], swiftSettings: workshop),
    .testTarget(
      name: "VisionTests",
      dependencies: ["Deflate", "Vision"],
      swiftSettings: workshop
    ),
    .testTarget(
      name: "EdgeDETRTests",
      dependencies: [
        "CEdgeDETR", "EdgeDETR", "EdgeDETRHeader", "Kernels", "ModelFile", "Runtime", "Vision",
        "edgedetr", "edgedetr-run",
      ],
      swiftSettings: workshop
    ),
    .testTarget(name: "CheckedJSONTests", dependencies: ["CheckedJSON"]),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["CheckedJSON", "Checkpoints", "Deflate"]
    ),
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
        "Architectures", "CheckedJSON", "Checkpoints", "FloatGraph", "RandomNumbers",
        "SyntheticCheckpoints",
      ],
      swiftSettings: workshop
    ),
    .testTarget(name: "ReportTests", dependencies: ["Evaluation", "Report", "Vision"]),
    .testTarget(
      name: "SyntheticScenesTests",
      dependencies: ["SyntheticScenes", "Vision"],
      swiftSettings: workshop
    ),
    .testTarget(name: "EvaluationTests", dependencies: ["CheckedJSON", "Evaluation"]),
  ]
)
