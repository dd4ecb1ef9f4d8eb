import { existsSync } from 'node:fs'
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

// What needs the typed bindings of AWS can be linted only where they are installed (npm run infra:install).
const bound = ['infra-model/aws/**', 'infra-model/base/**']
const hasBindings = existsSync(`${import.meta.dirname}/node_modules/@cdktn/provider-aws/package.json`)

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'jest.config.js',
      'node_modules/',
      '.bullpen/',
      '**/*.cjs',
      '**/*.mjs',
      ...(hasBindings ? [] : bound),
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Export by name.' },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
      ],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Typed-array loops under noUncheckedIndexedAccess: `!` after a bounds-checked index is the honest spelling.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  { files: bound, languageOptions: { parserOptions: { project: './infra-model/tsconfig.json' } } },
  { files: ['web/**'], languageOptions: { parserOptions: { project: './web/tsconfig.json' } } },
  { files: ['**/__tests__/**', 'test/**', '**/testing/**'], rules: { 'max-lines': ['error', { max: 500 }] } },
)
