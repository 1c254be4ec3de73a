export { HighWaterMedium, MemoryHighWater } from './memory-high-water.js';
