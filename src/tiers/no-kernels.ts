// What '#kernels' stands for where the tiers have all kernels already.
export {}
