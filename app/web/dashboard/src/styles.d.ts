// Styles are imported beside the parts that they are for; the build gathers them.
declare module "*.css";
