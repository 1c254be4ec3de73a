// The WebSocket server of the tests, for tests of packages that do not depend on `ws` themselves.
export { WebSocketServer } from 'ws';
