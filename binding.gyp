{
  # One static library per instruction set, so that its flags reach no other code. No fused
  # multiply-add anywhere: every backend gives the same bits.
  'variables': {
    'strict_flags': ['-O3', '-std=c++17', '-ffp-contract=off', '-fno-math-errno', '-fvisibility=hidden',
                     '-Wall', '-Wextra', '-Wno-unused-function', '-Wno-psabi'],
  },
  'target_defaults': {
    'cflags!': ['-O2'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-O2'],
    'cflags_cc': ['<@(strict_flags)'],
    'xcode_settings': {
      'OTHER_CPLUSPLUSFLAGS': ['<@(strict_flags)'],
      'MACOSX_DEPLOYMENT_TARGET': '11.0',
    },
    'msvs_settings': {
      'VCCLCompilerTool': { 'FloatingPointModel': 0, 'AdditionalOptions': ['/std:c++17', '/Zc:__cplusplus'] },
    },
  },
  'targets': [
    {
      'target_name': 'cauchy',
      'sources': ['native/addon.cc', 'native/dispatch.cc'],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED',
                  'NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED', 'CAUCHY_STAMP="<!(node native/stamp.mjs)"'],
      'dependencies': ['cauchy_scalar'],
      'conditions': [
        ['target_arch=="x64"', { 'dependencies': ['cauchy_sse2', 'cauchy_avx2', 'cauchy_avx512'] }],
        ['target_arch=="arm64"', { 'dependencies': ['cauchy_neon'] }],
        ['OS=="linux"', { 'ldflags': ['-Wl,--gc-sections', '-Wl,-s'] }],
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
          'cflags_cc': ['-mavx2'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx2'] },
          'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/arch:AVX2'] } },
        },
        {
          'target_name': 'cauchy_avx512', 'type': 'static_library', 'sources': ['native/isa/avx512.cc'],
          'cflags_cc': ['-mavx512f', '-mprefer-vector-width=512'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx512f'] },
          'msvs_settings': { 'VCCLCompilerTool': { 'AdditionalOptions': ['/arch:AVX512'] } },
        },
      ],
    }],
    ['target_arch=="arm64"', {
      'targets': [
        { 'target_name': 'cauchy_neon', 'type': 'static_library', 'sources': ['native/isa/neon.cc'] },
      ],
    }],
  ],
}
