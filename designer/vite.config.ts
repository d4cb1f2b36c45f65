import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const server = process.env.XRM_URL ?? 'http://127.0.0.1:5080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@compiler': fileURLToPath(new URL('compiler', import.meta.url)), '@': fileURLToPath(new URL('src', import.meta.url)) } },
  server: { proxy: { '/api': server } },
  build: { target: 'es2023', chunkSizeWarningLimit: 700 },
  worker: { format: 'es' },
  test: { environment: 'jsdom', testTimeout: 120_000, hookTimeout: 120_000, setupFiles: ['src/lib/testing/setup.ts'], css: false },
});
