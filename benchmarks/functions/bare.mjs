// A function that imports nothing, for the Node client.
export const handler = async (event) => event;
