import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/static/',
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    outDir: '../cms/static_build',
    emptyOutDir: true,
    manifest: true,
    // The baseline of the design system: WebViews of chat apps on older phones.
    target: ['chrome99', 'safari15.4'],
    // An inlined file would be a data: address, which the content policy refuses for scripts and styles.
    assetsInlineLimit: 0,
    // One lazy chunk: nothing for a preload polyfill to win.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: 'src/main.ts',
      output: {
        // What entry and islands share stands apart: an island that imported the entry would run it
        // a second time wherever static files are served under a second, hashed name.
        codeSplitting: {
          groups: [{ name: 'shared', test: /preload-helper|shared[\\/]display/ }],
        },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
  },
});
