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
    rollupOptions: { input: 'src/main.ts' },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
  },
});
