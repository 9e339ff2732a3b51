#if arch(arm64) || arch(arm)
  import _Builtin_intrinsics.arm.neon
#endif
