# Builds the ring, and programs on top of it, as Embedded Swift for a board. To be sourced:
#
#     . Tools/board/embedded.sh
#     embedded_target aarch64 "$directory"     # or armv7, x86_64
#     embedded_ring                            # every module of the ring
#     embedded_module Program Sources/Program  # a module of one's own, its sources or their folders
#     embedded_link "$directory/program"       # one static, position-independent program
#
# The order of linking isolates: every object of Embedded Swift brings weak runtime functions
# (swift_retain and others) that are translated for its module's instruction set, and the linker
# keeps the first it meets. Objects of the baseline come first, kernel tables follow, weakest first;
# `embedded_link` refuses tables whose weak symbols no object of the baseline defines.
#
# Functions return 1 after one line on standard error, and 2 where a tool is missing.

# Modules of the ring for every architecture, in the order in which they depend on each other; the
# tables stand between the two arrays. The first array and the tables have overflow checks dropped, as in Package.swift.
embedded_hot=(FixedPoint Kernels)
embedded_checked=(Messages Deflate Vision ModelFile Runtime)
# Modules that compute nothing of weight: small code is worth more.
embedded_small=(Messages ModelFile EdgeDETR CEdgeDETR edgedetr_run)

# Sets up a build: the architecture, and the folder of its objects and modules.
embedded_target() { # aarch64 | armv7 | x86_64, directory
  embedded_architecture=$1 embedded_directory=$2
  declare -gA embedded_flags=()
  case $1 in
    aarch64)
      embedded_triple=aarch64-none-none-elf embedded_condition=ARM
      embedded_prefix=aarch64-linux-gnu- embedded_package=gcc-aarch64-linux-gnu
      embedded_baseline="-march=armv8-a"
      embedded_linking=-static-pie
      embedded_tables=(KernelsNEON KernelsDotProd KernelsI8MM)
      embedded_flags[KernelsDotProd]="-march=armv8.2-a+dotprod"
      embedded_flags[KernelsI8MM]="-march=armv8.2-a+dotprod+i8mm"
      ;;
    armv7)
      embedded_triple=armv7-none-none-eabi embedded_condition=ARM
      embedded_prefix=arm-linux-gnueabihf- embedded_package=gcc-arm-linux-gnueabihf
      # What every armv7 of Debian has; without the second flag the compiler assumes NEON. The third lets
      # modules import a table whose own import demands NEON, and changes no instruction.
      embedded_baseline="-mfloat-abi=hard -mfpu=vfpv3-d16 -Xclang -fmodule-feature -Xclang neon"
      embedded_linking=-static
      embedded_tables=(KernelsNEON)
      embedded_flags[KernelsNEON]="-mfloat-abi=hard -mfpu=neon"
      ;;
    x86_64)
      embedded_triple=x86_64-unknown-linux-gnu embedded_condition=X86
      embedded_prefix="" embedded_package=gcc
      embedded_baseline=""
      # Relative relocations packed (60 KB), and no empty space between segments.
      embedded_linking="-static-pie -Wl,-z,pack-relative-relocs -Wl,-z,noseparate-code"
      embedded_tables=(KernelsSSE41 KernelsAVX2 KernelsAVXVNNI KernelsAVX512VNNI)
      embedded_flags[KernelsSSE41]="-msse4.1"
      embedded_flags[KernelsAVX2]="-mavx2"
      embedded_flags[KernelsAVXVNNI]="-mavx2 -mavxvnni"
      embedded_flags[KernelsAVX512VNNI]="-mavx512f -mavx512bw -mavx512dq -mavx512vl -mavx512vnni"
      embedded_flags[KernelsAVX512VNNI]+=" -mprefer-vector-width=512"
      ;;
    *) echo "no board of the architecture '$1': aarch64, armv7 or x86_64" >&2; return 2 ;;
  esac
  # The modules of the baseline that have been compiled.
  embedded_modules=()
  embedded_gcc=${embedded_prefix}gcc
  command -v swiftc >/dev/null || { echo "swiftc is not on the PATH: install Swift 6.3" >&2; return 2; }
  command -v "$embedded_gcc" >/dev/null || {
    echo "$embedded_gcc is not on the PATH: apt-get install $embedded_package" >&2
    return 2
  }
  local tools
  tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
  embedded_nm=$tools/llvm-nm embedded_objdump=$tools/llvm-objdump
  embedded_unicode=$tools/../lib/swift/embedded/$embedded_triple/libswiftUnicodeDataTables.a
  mkdir -p "$embedded_directory"
}

# Whether an object is younger than its sources, these rules and the modules that it is made with.
embedded_fresh() { # module, sources or folders…
  local module=$1 object=$embedded_directory/$1.o other before=() others=()
  shift
  # The reference is made in its order, tables with all of it, the rest with everything so far.
  before=("${embedded_modules[@]}")
  case " ${embedded_hot[*]} ${embedded_tables[*]} " in
    *" $module "*) ;;
    *) before+=("${embedded_tables[@]}") ;;
  esac
  for other in "${before[@]}"; do
    [ "$other" = "$module" ] || others+=("$embedded_directory/$other.swiftmodule")
  done
  [ -f "$object" ] || return
  [ -z "$(find -L "$@" Tools/board/embedded.sh "${others[@]}" -newer "$object" -print -quit 2>&1)" ]
}

# Compiles one module unless it is fresh; a folder stands for all sources in it.
embedded_module() { # name, sources or folders…
  local name=$1 optimisation=-O flag source
  shift
  local arguments=()
  case " ${embedded_hot[*]} ${embedded_tables[*]} " in *" $name "*) optimisation=-Ounchecked ;; esac
  case " ${embedded_small[*]} " in *" $name "*) optimisation=-Osize ;; esac
  for flag in ${embedded_flags[$name]:-$embedded_baseline}; do arguments+=(-Xcc "$flag"); done
  # The condition under which sources that several tables share compile.
  case " ${embedded_tables[*]} " in *" $name "*) arguments+=(-D "$embedded_condition") ;; esac
  for source in "$@"; do
    [ -e "$source" ] || { echo "$name: no $source" >&2; return 1; }
    mapfile -O ${#arguments[@]} -t arguments < <(find -L "$source" -name '*.swift' | sort)
  done
  embedded_fresh "$name" "$@" || embedded_compile "$name" "${arguments[@]}" || return
  case " ${embedded_tables[*]} ${embedded_modules[*]-} " in
    *" $name "*) ;;
    *) embedded_modules+=("$name") ;;
  esac
}

embedded_compile() { # name, arguments of the compiler…
  local name=$1
  shift
  # One section a function, so that the linker leaves out what nothing calls.
  swiftc -target "$embedded_triple" -enable-experimental-feature Embedded \
    -enable-experimental-feature Extern -swift-version 6 -wmo "$optimisation" -parse-as-library \
    -Xcc -fPIC -Xfrontend -function-sections -I "$embedded_directory" \
    -module-name "$name" -emit-module -emit-module-path "$embedded_directory/$name.swiftmodule" \
    -c "$@" -o "$embedded_directory/$name.o" >"$embedded_directory/$name.log" 2>&1 || {
    grep -E 'error:' "$embedded_directory/$name.log" >&2 || tail -3 "$embedded_directory/$name.log" >&2
    echo "$name does not compile as Embedded Swift for $embedded_triple" >&2
    return 1
  }
}

# Compiles the reference and the tables, those beside each other.
embedded_kernels() {
  local module process processes=()
  for module in "${embedded_hot[@]}"; do embedded_module "$module" "Sources/$module" || return; done
  for module in "${embedded_tables[@]}"; do
    embedded_module "$module" "Sources/$module" & processes+=($!)
  done
  for process in "${processes[@]}"; do wait "$process" || return 1; done
}

# Compiles every module of the ring.
embedded_ring() {
  local module
  embedded_kernels || return
  for module in "${embedded_checked[@]}"; do
    embedded_module "$module" "Sources/$module" || return
  done
}

# The objects of a program in the order of linking, one a line.
embedded_objects() {
  local module
  for module in "${embedded_modules[@]}" "${embedded_tables[@]}"; do
    echo "$embedded_directory/$module.o"
  done
}

# Fails where a table defines a weak symbol that no object of the baseline defines: the program's
# only copy would be translated for the table's instruction set. Specialisations of its own functions,
# whose mangled names begin with the module's, are nobody else's.
embedded_isolated() {
  local module baseline=()
  for module in "${embedded_modules[@]}"; do
    baseline+=("$embedded_directory/$module.o")
  done
  "$embedded_nm" --defined-only --format=just-symbols "${baseline[@]}" | sort -u \
    > "$embedded_directory/baseline.symbols"
  for module in "${embedded_tables[@]}"; do
    "$embedded_nm" --defined-only "$embedded_directory/$module.o" \
      | awk -v own="[$]e${#module}$module" '$2 ~ /^[WwVv]$/ && $3 !~ "^" own { print $3 }' | sort -u \
      | comm -23 - "$embedded_directory/baseline.symbols" > "$embedded_directory/$module.weak"
    [ ! -s "$embedded_directory/$module.weak" ] || {
      echo "$module alone defines the weak symbol $(head -1 "$embedded_directory/$module.weak")" >&2
      return 1
    }
  done
}

# The C library without the tables that unwind its stack frames (60 KB of a program): nothing here
# cancels a thread or throws, and programs of Embedded Swift have no such tables either.
embedded_libc() {
  local library
  library=$("$embedded_gcc" -print-file-name=libc.a)
  [ "$embedded_directory/libc.a" -nt "$library" ] \
    || "${embedded_prefix}objcopy" -R .eh_frame -R .rela.eh_frame "$library" "$embedded_directory/libc.a"
}

# Links all modules into one static program.
embedded_link() { # program, further arguments of the linker…
  local program=$1 objects
  shift
  embedded_isolated || return
  embedded_libc || return
  mapfile -t objects < <(embedded_objects)
  local unicode=()
  [ ! -f "$embedded_unicode" ] || unicode=("$embedded_unicode")
  # shellcheck disable=SC2086
  "$embedded_gcc" $embedded_linking -Wl,--gc-sections -L"$embedded_directory" -o "$program" "${objects[@]}" "$@" \
    "${unicode[@]}" -lm -lpthread
}

# Links all modules into one relocatable object, in which the same order has been applied: what a
# static library has to hold, whose members a linker takes in any order.
embedded_combine() { # object
  local objects
  embedded_isolated || return
  mapfile -t objects < <(embedded_objects)
  "${embedded_prefix}ld" -r -o "$1" "${objects[@]}"
}
