// What this tool is, and the API it speaks.

export const CTL_VERSION = '0.1.0';
/** The etcd API version whose behaviour and texts are followed. */
export const API_VERSION = '3.4';
