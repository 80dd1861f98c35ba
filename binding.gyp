{
  # One static library per instruction set, so that its flags reach no other code. No fused
  # multiply-add anywhere: every backend gives the same bits. The rules are vectorised by hand; a compiler
  # that vectorises the rest only makes it large.
  'variables': {
    'strict_flags': ['-std=c++17', '-ffp-contract=off', '-fno-math-errno', '-fno-tree-vectorize',
                     '-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics',
                     '-fno-unwind-tables', '-fno-asynchronous-unwind-tables',
                     '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections',
                     '-Wall', '-Wextra', '-Wno-unused-function', '-Wno-psabi', '-Wno-maybe-uninitialized', '-Wno-unknown-warning-option'],
    # The instruction sets most machines have; all other code is compiled for size.
    'fast_flags': ['-Os'],
    'conditions': [
      # Atomics in place: the helpers otherwise ask glibc for the CPU, which musl does not answer.
      ['target_arch=="arm64" and OS=="linux"', { 'strict_flags': ['-mno-outline-atomics'] }],
      ['OS=="linux"', { 'fast_flags': ['-fno-align-functions', '-fno-align-jumps', '-fno-align-labels'] }],
    ],
  },
  'target_defaults': {
    'cflags!': ['-fno-omit-frame-pointer'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-Os', '<@(strict_flags)'],
    'xcode_settings': {
      'GCC_OPTIMIZATION_LEVEL': 'z', # clang's s gives 3 KB more
      'OTHER_CPLUSPLUSFLAGS': ['<@(strict_flags)'],
      'DEAD_CODE_STRIPPING': 'YES',
      'OTHER_LDFLAGS': ['-Wl,-x'],
      'MACOSX_DEPLOYMENT_TARGET': '11.0',
    },
    'msvs_settings': {
      'VCCLCompilerTool': {
        'FloatingPointModel': 0, # precise
        'WholeProgramOptimization': 'false', # an instruction set's code stays in its unit
        'AdditionalOptions': ['/std:c++17', '/Zc:__cplusplus', '/Zc:preprocessor', '/O2', '/utf-8'],
      },
    },
  },
  'targets': [
    {
      'target_name': 'cauchy',
      'sources': ['native/addon.cc', 'native/dispatch.cc', 'native/engine.cc', 'native/pool.cc'],
      'defines': ['NAPI_VERSION=8', 'NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED',
                  'CAUCHY_STAMP="<!(node native/stamp.mjs)"'],
      'dependencies': ['cauchy_scalar'],
      'conditions': [
        ['target_arch=="x64"', { 'dependencies': ['cauchy_sse2', 'cauchy_avx2', 'cauchy_avx512'] }],
        ['target_arch=="arm64"', { 'dependencies': ['cauchy_neon'] }],
        # Needs nothing of libstdc++: the same file loads with glibc and musl.
        ['OS=="linux"', { 'ldflags': ['-Wl,--as-needed', '-Wl,--gc-sections', '-Wl,-z,noseparate-code', '-Wl,-z,norelro', '-Wl,--hash-style=gnu', '-Wl,--build-id=none', '-Wl,-s'] }],
      ],
    },
    { 'target_name': 'cauchy_scalar', 'type': 'static_library', 'sources': ['native/isa/scalar.cc'] },
  ],
  'conditions': [
    ['target_arch=="x64"', {
      'targets': [
        { 'target_name': 'cauchy_sse2', 'type': 'static_library', 'sources': ['native/isa/sse2.cc'] },
        {
          'target_name': 'cauchy_avx2', 'type': 'static_library', 'sources': ['native/isa/avx2.cc'],
          'cflags_cc': ['<@(fast_flags)', '-mavx2'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['<@(fast_flags)', '-mavx2'] },
          'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/arch:AVX2'] } },
        },
        {
          'target_name': 'cauchy_avx512', 'type': 'static_library', 'sources': ['native/isa/avx512.cc'],
          'cflags_cc': ['<@(fast_flags)', '-mavx512f', '-mprefer-vector-width=512'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['<@(fast_flags)', '-mavx512f'] },
          'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/arch:AVX512'] } },
        },
      ],
    }],
    ['target_arch=="arm64"', {
      'targets': [
        {
          'target_name': 'cauchy_neon', 'type': 'static_library', 'sources': ['native/isa/neon.cc'],
          'cflags_cc': ['<@(fast_flags)'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['<@(fast_flags)'] },
          # For Microsoft's own compiler all vectors of NEON are one type, and cannot be overloaded.
          'msbuild_toolset': 'ClangCL',
          'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/clang:-ffp-contract=off'] } },
        },
      ],
    }],
  ],
}
