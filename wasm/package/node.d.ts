export * from "./index.js";
export const load: (source?: import("casewire/raw").InitInput) => Promise<void>;
