{
  # The roofline of `npm run bench:step`: an addon of the benchmark's own, not part of the package.
  'target_defaults': {
    'cflags!': ['-O2'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20', '-O2'],
    'cflags_cc': ['-O3', '-std=c++17', '-fvisibility=hidden', '-Wall', '-Wextra', '-Wno-psabi'],
    'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-O3', '-std=c++17', '-fvisibility=hidden'] },
  },
  'targets': [
    {
      'target_name': 'roofline',
      'sources': ['roofline.cc'],
      'include_dirs': ["<!(node -p \"require('node-addon-api').include_dir\")"],
      'defines': ['NAPI_VERSION=8', 'NAPI_DISABLE_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED'],
      'dependencies': ['stream_baseline'],
      'conditions': [['target_arch=="x64"', { 'dependencies': ['stream_avx2', 'stream_avx512', 'adamw_avx2', 'adamw_avx512'] }]],
    },
    {
      'target_name': 'stream_baseline', 'type': 'static_library', 'sources': ['stream.cc'],
      'defines': ['ROOFLINE_BYTES=16', 'ROOFLINE_FIND=findBaseline'],
    },
  ],
  'conditions': [
    ['target_arch=="x64"', {
      'targets': [
        {
          'target_name': 'stream_avx2', 'type': 'static_library', 'sources': ['stream.cc'],
          'defines': ['ROOFLINE_BYTES=32', 'ROOFLINE_FIND=findAvx2'],
          'cflags_cc': ['-mavx2'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx2'] },
        },
        {
          'target_name': 'adamw_avx2', 'type': 'static_library', 'sources': ['adamw.cc'],
          'defines': ['ROOFLINE_ADAMW=adamwAvx2'],
          'cflags_cc': ['-mavx2', '-mfma'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx2', '-mfma'] },
        },
        {
          'target_name': 'adamw_avx512', 'type': 'static_library', 'sources': ['adamw.cc'],
          'defines': ['ROOFLINE_ADAMW=adamwAvx512'],
          'cflags_cc': ['-mavx512f', '-mprefer-vector-width=512'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx512f'] },
        },
        {
          'target_name': 'stream_avx512', 'type': 'static_library', 'sources': ['stream.cc'],
          'defines': ['ROOFLINE_BYTES=64', 'ROOFLINE_FIND=findAvx512'],
          'cflags_cc': ['-mavx512f', '-mprefer-vector-width=512'],
          'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-mavx512f'] },
        },
      ],
    }],
  ],
}
