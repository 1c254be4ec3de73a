export { type TransportCase, type TransportCluster, type TransportHarness, transportCases } from './transport-suite.js';
